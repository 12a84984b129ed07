using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gpu;

/// <summary>
/// Runs a part of the proof in processes of its own: one for all of it, and after a check that hangs, that kills its process or that fails
/// with more than wrong numbers, another for the rest. So each costs that one check.
/// </summary>
/// <param name="proof">Takes what the checks come to.</param>
/// <param name="start">How a process of a part is started: the part, how many of its checks are done, and its time.</param>
sealed class PartProcess(Proof proof, Func<string, int, TimeSpan, ProcessStartInfo> start)
{
    /// <summary>For what no check is about: starting, and telling that all is done.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    public PartEnd Run(string part, TimeSpan time)
    {
        long started = Stopwatch.GetTimestamp();
        for (int done = 0; ;)
        {
            TimeSpan share = time - Stopwatch.GetElapsedTime(started);
            TimeSpan left = share < proof.Left ? share : proof.Left;
            if (left <= TimeSpan.Zero)
            {
                proof.Fail($"{part}: no time is left{(done > 0 ? " for the rest" : "")}");
                return PartEnd.BrokenOff;
            }
            Attempt attempt = new(proof, part);
            PartEnd? end = attempt.Follow(start(part, done, left));
            if (end is not null)
                return end.Value;
            done = attempt.Done;
        }
    }

    /// <summary>One process of a part.</summary>
    sealed class Attempt(Proof proof, string part)
    {
        CheckLine? open;
        long said;
        string? lastError;

        /// <summary>Checks that need not be run again; 0 where none has ended.</summary>
        public int Done { get; private set; }

        /// <summary>Null where another process is to run the rest.</summary>
        public PartEnd? Follow(ProcessStartInfo info)
        {
            // Not disposed: a process that is given up may still say something.
            BlockingCollection<(string? Text, bool IsError)> lines = [];
            info.RedirectStandardOutput = info.RedirectStandardError = true;
            using Process process = Process.Start(info)!;
            process.OutputDataReceived += (_, line) => lines.Add((line.Data, false));
            process.ErrorDataReceived += (_, line) => lines.Add((line.Data, true));
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            said = Stopwatch.GetTimestamp();
            for (int ends = 0; ends < 2;)
            {
                if (!lines.TryTake(out (string? Text, bool IsError) line, Wait()))
                    return Hung(process);
                said = Stopwatch.GetTimestamp();
                if (line.Text is null)
                    ends++;
                else if (line.IsError)
                    proof.Line(lastError = line.Text);
                else if (Take(line.Text) is { } end)
                    return Close(process, end);
            }
            process.WaitForExit();
            return Died(process.ExitCode);
        }

        /// <summary>Milliseconds until whoever says nothing hangs.</summary>
        int Wait()
        {
            TimeSpan limit = open is { } check ? TimeSpan.FromSeconds(check.Seconds) : Silence;
            TimeSpan wait = limit - Stopwatch.GetElapsedTime(said);
            wait = wait < proof.Left ? wait : proof.Left;
            return (int)Math.Clamp(wait.TotalMilliseconds, 0, int.MaxValue);
        }

        PartEnd? Take(string text)
        {
            if (CheckLine.Parse(text) is not { } line)
            {
                proof.Line(text);
                return null;
            }
            if (line.Event == CheckEvent.Begun)
            {
                open = line;
                proof.Begin(line.Text);
                return null;
            }
            if (open is not null && line.Event is CheckEvent.Passed or CheckEvent.Failed or CheckEvent.Skipped)
                Finish();
            switch (line.Event)
            {
                case CheckEvent.Passed:
                    proof.Pass(line.Text, line.Seconds);
                    return null;
                case CheckEvent.Failed:
                    proof.Fail(line.Text);
                    return null;
                case CheckEvent.Skipped:
                    proof.Skip(line.Text);
                    return null;
                case CheckEvent.Refused:
                    proof.Fail($"refused: {line.Text}");
                    return PartEnd.Refused;
                default:
                    return PartEnd.Whole;
            }
        }

        void Finish()
        {
            Done = open!.Value.Index + 1;
            open = null;
        }

        PartEnd? Hung(Process process)
        {
            double seconds = Stopwatch.GetElapsedTime(said).TotalSeconds;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            if (open is not { } check)
            {
                proof.Fail($"{part} said nothing for {seconds:F0} s, and was ended");
                return PartEnd.BrokenOff;
            }
            proof.Fail($"{check.Text}: not ended within {seconds:F0} s, and its process was ended");
            Finish();
            return null;
        }

        /// <summary>The process is over, and has not said that its part is.</summary>
        PartEnd? Died(int status)
        {
            string how = $"its process ended with exit status {status}{(lastError is null ? "" : $": {lastError}")}";
            if (open is { } check)
            {
                proof.Fail($"{check.Text}: {how}");
                Finish();
                return null;
            }
            // After a failure that it has told, it ends so that the rest gets another.
            if (Done > 0 && status == Program.BrokenOff)
                return null;
            proof.Fail($"{part} broke off: {how}");
            return PartEnd.BrokenOff;
        }

        static PartEnd Close(Process process, PartEnd end)
        {
            if (!process.WaitForExit(Silence))
                process.Kill(entireProcessTree: true);
            return end;
        }
    }
}
