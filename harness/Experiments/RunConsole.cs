namespace Harness.Experiments;

/// <summary>
/// What a run says: plain lines, and its progress, one line rewritten in place on a terminal, else a line every few seconds.
/// Everything but the rewritten line goes to the run's log too. A line that can't be written is lost, and so is a log that refuses one:
/// neither ends a run, nor hides why it ended. Safe to call from several threads.
/// </summary>
/// <param name="live">Whether the output is a terminal, in which progress is one line, with a bar, that is rewritten.</param>
/// <param name="width">Columns of that terminal; asked of it by default, at each line.</param>
public sealed class RunConsole(TextWriter output, bool live, TimeProvider? clock = null, int? width = null) : IDisposable
{
    static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(250), LogInterval = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    readonly TimeProvider clock = clock ?? TimeProvider.System;
    Func<ProgressText>? progress;
    ITimer? timer;
    TextWriter? log;
    int shown;

    /// <summary>Lines go to this file too, from here on.</summary>
    public void LogTo(string path)
    {
        lock (gate)
        {
            DropLog();
            Attempt(
                () =>
                log = new StreamWriter(
                    new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
                {
                    AutoFlush = true,
                    NewLine = "\n"
                });
        }
    }

    public void Line(string text)
    {
        lock (gate)
        {
            Attempt(() =>
            {
                Erase();
                output.WriteLine(text);
            });
            Log(text);
        }
    }

    /// <summary>Shows what <paramref name="line"/> gives until the result is disposed.</summary>
    public IDisposable Follow(Func<ProgressText> line)
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
            DropLog();
        }
    }

    void Show()
    {
        lock (gate)
        {
            if (progress is null)
                return;
            if (!live)
            {
                Line(progress().ToString());
                return;
            }
            string text = progress().ToTerminal(width ?? TerminalWidth());
            Attempt(() =>
            {
                output.Write('\r' + text.PadRight(shown));
                output.Flush();
                shown = text.Length;
            });
        }
    }

    static int TerminalWidth()
    {
        const int unknown = 80;
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : unknown;
        }
        catch (IOException)
        {
            return unknown;
        }
    }

    void Log(string text)
    {
        if (log is { } file && !Attempt(() => file.WriteLine(text)))
            DropLog();
    }

    /// <summary>A writer that could not write tries again when it is closed.</summary>
    void DropLog()
    {
        if (log is { } file)
            Attempt(file.Dispose);
        log = null;
    }

    static bool Attempt(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
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
