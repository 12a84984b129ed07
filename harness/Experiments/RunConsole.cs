namespace Harness.Experiments;

/// <summary>
/// What a run says: plain lines, and its progress, one line rewritten in place on a terminal, else a line every few seconds.
/// Everything but the rewritten line goes to the run's log too. Safe to call from several threads.
/// </summary>
public sealed class RunConsole(TextWriter output, bool live, TimeProvider? clock = null) : IDisposable
{
    static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(250), LogInterval = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    readonly TimeProvider clock = clock ?? TimeProvider.System;
    Func<ProgressLine>? progress;
    ITimer? timer;
    TextWriter? log;
    int shown;

    /// <summary>Lines go to this file too, from here on.</summary>
    public void LogTo(string path)
    {
        lock (gate)
        {
            log?.Dispose();
            log = new StreamWriter(path, append: false) { AutoFlush = true, NewLine = "\n" };
        }
    }

    public void Line(string text)
    {
        lock (gate)
        {
            Erase();
            output.WriteLine(text);
            log?.WriteLine(text);
        }
    }

    /// <summary>Shows what <paramref name="line"/> gives until the result is disposed.</summary>
    public IDisposable Follow(Func<ProgressLine> line)
    {
        TimeSpan interval = live ? LiveInterval : LogInterval;
        lock (gate)
        {
            progress = line;
            timer = clock.CreateTimer(_ => Show(), null, interval, interval);
        }
        return new Following(this);
    }

    public void Dispose()
    {
        lock (gate)
        {
            timer?.Dispose();
            log?.Dispose();
            log = null;
        }
    }

    void Show()
    {
        lock (gate)
        {
            if (progress is null)
                return;
            string text = progress().ToString();
            log?.WriteLine(text);
            if (!live)
            {
                output.WriteLine(text);
                return;
            }
            output.Write('\r' + text.PadRight(shown));
            output.Flush();
            shown = text.Length;
        }
    }

    void Erase()
    {
        if (shown == 0)
            return;
        output.Write('\r' + new string(' ', shown) + '\r');
        shown = 0;
    }

    sealed class Following(RunConsole console) : IDisposable
    {
        public void Dispose()
        {
            lock (console.gate)
            {
                console.timer?.Dispose();
                console.timer = null;
                if (console.progress is null)
                    return;
                string last = console.progress().ToString();
                console.progress = null;
                console.Line(last);
            }
        }
    }
}
