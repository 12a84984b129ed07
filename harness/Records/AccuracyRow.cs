namespace Harness.Records;

/// <summary>
/// One row of accuracy.csv, in the file's column order. What is estimated has six significant digits. Costs are means over problems; the
/// prompt counts once a problem and pool, each token at its position.
/// </summary>
public sealed record AccuracyRow
{
    /// <summary>The difficulty of rows over all problems.</summary>
    public const string AllDifficulties = "all";

    public required string Pool { get; init; }
    public required string Strategy { get; init; }

    /// <summary>Nominal budget relative to one plain sample.</summary>
    public required int Multiplier { get; init; }

    /// <summary>A difficulty, or "all".</summary>
    public required string Difficulty { get; init; }
    public required int Problems { get; init; }
    public required double Accuracy { get; init; }

    /// <summary>95 %, by the anchored bootstrap over problems.</summary>
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>
    /// 95 %, of the rate's posterior distribution; NaN, and an empty field, where the strategy does not ask for it.
    /// </summary>
    public double BayesLow { get; init; } = double.NaN;
    public double BayesHigh { get; init; } = double.NaN;

    /// <summary>Why the accuracy is NaN; empty where it is not.</summary>
    public string Note { get; init; } = "";

    /// <summary>
    /// Standard error of the accuracy because subsets were drawn at random; 0 where the estimate counts them all, NaN of files that came
    /// before it.
    /// </summary>
    public double MonteCarloError { get; init; }

    /// <summary>
    /// The same estimate where each problem's samples are judged against other problems' right answers; NaN where there are none.
    /// </summary>
    public double Chance { get; init; } = double.NaN;

    /// <summary>Why <see cref="Chance"/> is NaN; empty where it is not.</summary>
    public string ChanceNote { get; init; } = "";

    /// <summary>Whether it picks right answers with the data's own: nobody can deploy it, and it is an upper bound.</summary>
    public bool IsUpperBound { get; init; }

    /// <summary>
    /// Share of the pool's samples that were cut off at MaxTokens. This and all that follows is NaN, and an empty field, where it is
    /// unknown, as of a recording that does not state it.
    /// </summary>
    public double CutOff { get; init; }

    /// <summary>
    /// The accuracy if every sample that was cut off were wrong, and if it were right: between them lies what more room would give.
    /// </summary>
    public double CutOffWrong { get; init; } = double.NaN;
    public double CutOffRight { get; init; } = double.NaN;

    /// <summary>Share of the pool's samples in whose text no answer was found.</summary>
    public double NoAnswer { get; init; }

    public double PromptTokens { get; init; }

    /// <summary>Mean tokens generated per problem at this multiplier.</summary>
    public required double Tokens { get; init; }
    public double VerifierTokens { get; init; }
    public double PrunedTokens { get; init; }

    /// <summary>The longest chain of tokens that cannot be generated in parallel.</summary>
    public double CriticalTokens { get; init; }

    /// <summary>Logical floating-point operations of all kinds.</summary>
    public required double Flops { get; init; }
    public double PromptFlops { get; init; }
    public double GeneratedFlops { get; init; }
    public double VerifierFlops { get; init; }
    public double PrunedFlops { get; init; }
}
