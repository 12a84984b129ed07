namespace Harness.Records;

/// <summary>
/// One row of frontier.csv, in the file's column order: for a budget the best strategy and multiplier. The accuracy is of problems on which
/// the choice was not made.
/// </summary>
public sealed record FrontierRow
{
    /// <summary>Units: operations count prompts and positions too.</summary>
    public const string Operations = "flops", Tokens = "tokens";

    /// <summary>One choice for all problems.</summary>
    public const string OverAll = "all";

    /// <summary>A choice for each bin of difficulty, which was estimated on other samples.</summary>
    public const string ByDifficulty = "by-difficulty";

    /// <summary>Of the strategies that nobody can deploy, the largest value: what an oracle would reach.</summary>
    public const string UpperBound = "upper-bound";

    /// <summary>No budget: the least cost over accuracy.</summary>
    public const string CheapestPass = "cost-of-pass";

    /// <summary>Operations where any row knows them, which is what figures and reports show.</summary>
    public static string ShownUnit(IEnumerable<FrontierRow> rows) => rows.Any(row => row.Unit == Operations) ? Operations : Tokens;

    /// <summary>The first pool of those that ask the same problems.</summary>
    public required string Problems { get; init; }

    /// <summary>flops or tokens (generated); of a machine, seconds or joules. For one problem.</summary>
    public required string Unit { get; init; }

    /// <summary>One of the constants above.</summary>
    public required string Scope { get; init; }

    /// <summary>all, or the bin: "1 of 5" is the hardest.</summary>
    public required string Bin { get; init; }

    /// <summary>NaN, and an empty field, where there is none.</summary>
    public required double Budget { get; init; }

    /// <summary>
    /// What the budget buys, chosen on all problems (of the bin): pool, strategy and multiplier; empty of a choice by bins.
    /// </summary>
    public required string Pool { get; init; }
    public required string Strategy { get; init; }
    public required int? Multiplier { get; init; }

    /// <summary>The same as chosen on either half of the problems, where those differ from it or from each other; else empty.</summary>
    public required string Halves { get; init; }

    /// <summary>How many problems are judged.</summary>
    public required int Judged { get; init; }
    public required double Accuracy { get; init; }
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>The mean over the judged problems.</summary>
    public required double Cost { get; init; }

    /// <summary>Cost over accuracy.</summary>
    public required double CostOfPass { get; init; }
}
