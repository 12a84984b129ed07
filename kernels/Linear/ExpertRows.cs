namespace Harness.Kernels.Linear;

/// <summary>When a GPU's linears of experts take the forms for few rows, which are bound by reading the weights.</summary>
public static class ExpertRows
{
    /// <summary>Rows that the form for few of them takes at once, where a pass has more than one.</summary>
    public const int AtOnce = 4;

    /// <summary>The most rows of one expert in those forms: a launch has blocks of threads for all of them, there or not.</summary>
    public const int MostFew = 64;

    /// <summary>Whether rows are few.</summary>
    /// <param name="most">The most that one expert may have.</param>
    /// <param name="usual">That an expert has on average.</param>
    public static bool AreFew(int most, int usual) => most <= AtOnce || (most <= MostFew && usual <= AtOnce);
}
