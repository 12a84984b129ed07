using System.Text;
using Harness.Records;
using Harness.Reports;

namespace Harness.Tests.Reports;

public sealed class ComparisonSectionTests
{
    static readonly ComparisonRow Row = new()
    {
        FirstPool = "think",
        FirstStrategy = "single",
        FirstMultiplier = 1,
        SecondPool = "direct",
        SecondStrategy = "single",
        SecondMultiplier = 1,
        Difficulty = "all",
        Problems = 300,
        FirstAccuracy = 0.75,
        SecondAccuracy = 0.1,
        Difference = 0.65,
        CiLow = -0.0001,
        CiHigh = 0.7,
        PValue = 1 / 2001.0,
        Test = "permutation",
    };

    [Test]
    public void Every_line_of_the_table_has_the_columns_of_its_header()
    {
        StringBuilder text = new();
        ComparisonSection.Append(text, [Row, Row with { PValue = 0.25, Test = "mcnemar" }]);
        string[] table = [.. text.ToString().Split('\n').Where(line => line.StartsWith('|'))];
        Assert.That(table.Select(line => line.Count(letter => letter == '|')), Is.EqualTo(new[] { 9, 9, 9, 9 }));
        Assert.That(table[2], Is.EqualTo("| think single 1x | direct single 1x | 300 | 0.750 | 0.100 | 0.650 (0.000 to 0.700) | below 0.001 | permutation |"));
        Assert.That(table[3], Does.EndWith("| 0.250 | mcnemar |"));
    }

    [Test]
    public void No_comparison_is_no_section()
    {
        StringBuilder text = new();
        ComparisonSection.Append(text, []);
        Assert.That(text.Length, Is.Zero);
    }
}
