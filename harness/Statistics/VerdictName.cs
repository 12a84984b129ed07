namespace Harness.Statistics;

/// <summary>Verdicts in words, as tables have them.</summary>
public static class VerdictName
{
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Identical => "identical",
        Verdict.Changed => "changed",
        Verdict.Same => "the same",
        _ => "cannot tell",
    };
}
