extern alias Builtin;

using Builtin::Harness.Records;

namespace Harness.Tests.Figures;

/// <summary>Rows as accuracy.csv holds them, for the figures' tests.</summary>
static class FigureRows
{
    public static AccuracyRow Row(
        string strategy, int multiplier, double accuracy, string pool = "think", string difficulty = "all", double? flops = null) => new()
        {
            Pool = pool,
            Strategy = strategy,
            Multiplier = multiplier,
            Difficulty = difficulty,
            Problems = 100,
            Accuracy = accuracy,
            CiLow = Math.Max(0, accuracy - .05),
            CiHigh = Math.Min(1, accuracy + .05),
            Tokens = 40 * multiplier,
            Flops = flops ?? 4.1e7 * multiplier,
        };

    /// <summary>Three strategies over one pool and two difficulties, a single point over another, and a budget without a value.</summary>
    public static AccuracyRow[] Experiment()
    {
        List<AccuracyRow> rows = [Row("single", 1, .2, pool: "direct", flops: 6.3e6), Row("coverage", 128, double.NaN)];
        double accuracy = .25;
        for (int k = 1; k <= 64; k *= 2)
        {
            accuracy += .08;
            foreach (string difficulty in new[] { "all", "3", "10" })
            {
                rows.Add(Row("coverage", k, Math.Min(1, accuracy + .15), difficulty: difficulty));
                rows.Add(Row("majority-vote", k, accuracy, difficulty: difficulty));
                rows.Add(Row("best-of-n", k, accuracy - .05, difficulty: difficulty));
            }
        }
        return [.. rows];
    }
}
