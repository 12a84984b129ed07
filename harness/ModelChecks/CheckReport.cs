namespace Harness.ModelChecks;

/// <summary>One kind of value compared with the reference.</summary>
/// <param name="Name">What was compared, such as "token ids".</param>
/// <param name="Compared">How many values.</param>
/// <param name="Measured">The largest error or the mean divergence, in words; empty where equality was asked.</param>
/// <param name="Differences">A line for each difference outside the tolerance.</param>
public sealed record CheckItem(string Name, int Compared, string Measured, IReadOnlyList<string> Differences);

/// <summary>Where a model and its reference file agree and where they differ. No item is empty.</summary>
public sealed record CheckReport(string Model, string Reference, string Precision, IReadOnlyList<CheckItem> Items)
{
    public bool Passed => Items.All(item => item.Differences.Count == 0);
}

/// <summary>Collects comparisons of one kind.</summary>
sealed class CheckBuilder(string name)
{
    readonly List<string> differences = [];
    int compared;

    /// <summary>Largest absolute error seen by <see cref="Near"/>.</summary>
    public double LargestError { get; private set; }

    /// <summary>Shown beside the count, in place of the largest error.</summary>
    public string? Measured { get; set; }

    public void Equal<T>(T actual, T expected, string where)
    {
        compared++;
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
            differences.Add($"{where}: {actual} is not the reference's {expected}");
    }

    public void EqualIds(IReadOnlyList<int> actual, IReadOnlyList<int> expected, string where)
    {
        compared++;
        int common = Math.Min(actual.Count, expected.Count);
        for (int i = 0; i < common; i++)
        {
            if (actual[i] != expected[i])
            {
                differences.Add($"{where}: token {i} is {actual[i]}, the reference has {expected[i]}");
                return;
            }
        }
        if (actual.Count != expected.Count)
            differences.Add($"{where}: {actual.Count} tokens, the reference has {expected.Count}");
    }

    public void Near(double actual, double expected, double tolerance, string where)
    {
        compared++;
        double error = Math.Abs(actual - expected);
        LargestError = Math.Max(LargestError, error);
        if (!(error <= tolerance))
            differences.Add($"{where}: {actual:R} is {error:G3} from the reference's {expected:R}, more than {tolerance:G3}");
    }

    public void AtMost(double actual, double limit, string where)
    {
        compared++;
        if (!(actual <= limit))
            differences.Add($"{where}: {actual:G4} is more than {limit:G4}");
    }

    public CheckItem Build() => new(name, compared, Measured ?? (LargestError > 0 ? $"largest error {LargestError:G3}" : ""), differences);
}
