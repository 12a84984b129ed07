using Harness.Statistics.Laws;

namespace Harness.Registry;

/// <summary>Every scaling law by its name; the command line and tests enumerate it.</summary>
public static class LawRegistry
{
    public static IReadOnlyList<ILaw> All { get; } =
    [
        new CoverageLaw(), new SaturatingExponential(), new LogLinearLaw(), new PowerLaw(), new SigmoidLaw(), new ChinchillaLaw(),
        new ProjectedChinchillaLaw(), new IsoFlopLaw(), new CoverageComputeLaw(), new TrainToTestLaw(),
        new BetaBinomialLaw(hasUnsolvable: false), new BetaBinomialLaw(hasUnsolvable: true),
    ];
}
