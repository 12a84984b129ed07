using System.Globalization;

namespace Harness.Comparison;

/// <summary>A token that a side's program drew.</summary>
/// <param name="Id">In its model's vocabulary.</param>
/// <param name="Text">As it is written.</param>
/// <param name="Logprob">Natural logarithm of the probability that it was drawn with.</param>
public sealed record RegeneratedToken(int Id, string Text, double Logprob)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"'{Text}' (token {Id}, log-probability {Logprob:G6})");
}
