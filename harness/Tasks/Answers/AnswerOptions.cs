using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Tasks.Answers;

/// <summary>Reads what a user says about answers: how they are compared and how decimals are written.</summary>
public static class AnswerOptions
{
    static readonly string[] Names = [.. Enum.GetNames<AnswerComparison>().Select(name => name.ToLowerInvariant())];

    /// <exception cref="HarnessException">HRN0007: neither exact, numeric nor choice. Null is exact.</exception>
    public static AnswerComparison Comparison(string? written) =>
        written is null ? AnswerComparison.Exact : Named(written) ?? throw Codes.BadValue.With(Unknown(written));

    /// <summary>The comparison of this name, in upper or lower case; null where no comparison has it.</summary>
    public static AnswerComparison? Named(string written) =>
        Array.IndexOf(Names, written.ToLowerInvariant()) is >= 0 and int place ? Enum.GetValues<AnswerComparison>()[place] : null;

    /// <summary>The message about a name that no comparison has.</summary>
    public static string Unknown(string written) =>
        $"Comparison is '{written}'; expected {string.Join(", ", Names)}{NearestName.Hint(written, Names)}";

    /// <summary>The character between a number's whole part and its decimals. Null is a point.</summary>
    /// <exception cref="HarnessException">HRN0007: neither a point nor a comma.</exception>
    public static char Point(string? written) => written switch
    {
        null or "." => '.',
        "," => ',',
        _ => throw Codes.BadValue.With($"Decimal is '{written}'; expected ',' or '.'"),
    };
}
