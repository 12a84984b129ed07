using System.Globalization;
using Harness.Manifests;
using Harness.Training;

namespace Harness.Experiments;

/// <summary>How far the training of an experiment's models is, in words. Safe to read while another thread reports.</summary>
/// <param name="number">Of the model in training, in the order in which they are trained.</param>
/// <param name="place">Of the model in the manifest.</param>
/// <param name="trains">All of them.</param>
sealed class TrainingProgress(int number, int place, IReadOnlyList<TrainManifest> trains, TimeProvider? clock = null)
{
    readonly Lock gate = new();
    readonly TimeProvider clock = clock ?? TimeProvider.System;
    long started;
    TrainingStatus status = new(trains[place].Name, 0, trains[place].Steps, double.NaN, 0, 0);

    public long Steps
    {
        get
        {
            lock (gate)
                return status.Steps;
        }
    }

    public void Report(TrainingStatus now)
    {
        lock (gate)
        {
            if (started == 0)
                started = clock.GetTimestamp();
            status = now;
        }
    }

    /// <summary>Such as <c>base (1 of 2): 24 %, step 410 of 1,700, loss 0.61, 22,345 tokens/s, 9:42 left</c>.</summary>
    public ProgressText Line()
    {
        lock (gate)
        {
            double seconds = started == 0 ? 0 : clock.GetElapsedTime(started).TotalSeconds;
            long done = status.Steps - status.Begun;
            string model = trains.Count == 1 ? status.Model : $"{status.Model} ({number} of {trains.Count})";
            string loss = double.IsNaN(status.Loss) ? "-" : status.Loss.ToString("0.000", CultureInfo.InvariantCulture);
            string rate = done > 0 && seconds > 0 ? Number((long)(status.Tokens / seconds)) : "-";
            string left = status.Steps >= status.Total ? ProgressLine.Duration(TimeSpan.Zero)
                : done > 0 ? ProgressLine.Duration(TimeSpan.FromSeconds(seconds * (status.Total - status.Steps) / done)) : "-";
            return new ProgressText(
                $"{model}: {100 * status.Steps / status.Total} %, step {Number(status.Steps)} of {Number(status.Total)}, loss {loss}, "
                + $"{rate} tokens/s, {left} left", (double)status.Steps / status.Total);
        }
    }

    static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
