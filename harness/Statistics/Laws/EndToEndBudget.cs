namespace Harness.Statistics.Laws;

/// <summary>Operations that training a model and answering with it may take together: 6 N D + 2 N k Q t.</summary>
/// <param name="Operations">All of them, C.</param>
/// <param name="Queries">How many questions are answered, Q, each with k samples.</param>
/// <param name="AnswerTokens">Tokens that one sample generates, t.</param>
public readonly record struct EndToEndBudget(double Operations, double Queries, double AnswerTokens)
{
    /// <summary>2 Q t, what each parameter costs for every sample a question.</summary>
    public double OfEachSample => 2 * Queries * AnswerTokens;

    /// <summary>The tokens that are left for a model of this size; 0 or less where sampling takes all.</summary>
    public double TokensFor(double size, double k) => (Operations / size - k * OfEachSample) / 6;
}
