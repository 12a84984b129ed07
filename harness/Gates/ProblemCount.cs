using Harness.Records;

namespace Harness.Gates;

/// <summary>How many problems would tell.</summary>
static class ProblemCount
{
    /// <summary>Beyond it, a number is not worth saying.</summary>
    const double Most = 1e7;

    /// <summary>What sums of doubles may be off by, so that 1,250 is not called 1,251.</summary>
    const double Rounding = 1e-9;

    /// <param name="problems">An estimate: as many samples of each, and a value as it was seen.</param>
    public static string WouldTell(double problems) => double.IsNaN(problems) ? "" : problems < Most
        ? $"about {CsvFields.Write((int)Math.Ceiling(problems * (1 - Rounding)))} problems would tell, were the value as it was seen"
        : "the value lies at the limit, so that no number of problems is sure to tell";
}
