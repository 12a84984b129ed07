namespace Harness.Tests.Pictures;

/// <summary>In the order of the page.</summary>
static class AllPictures
{
    public static IReadOnlyList<DrawnPicture> List { get; } =
    [
        SamplesPicture.Drawn, LimitPicture.Drawn, StoppingPicture.Drawn, IntervalPicture.Drawn, HeldTruthPicture.Drawn, CutOffPicture.Drawn,
        PairsPicture.Drawn, HolmPicture.Drawn, VerdictPicture.Drawn, DetectablePicture.Drawn, BoundPicture.Drawn, RegressionPicture.Drawn,
        CoverageLawPicture.Drawn, AccuracyLawPicture.Drawn, TrainingLawPicture.Drawn,
    ];
}
