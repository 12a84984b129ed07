using System.Globalization;
using Harness.Kernels.Diagnostics;

namespace Harness.Engines.Recorded;

/// <summary>Reads a sample from one record of named fields, whatever the form of the file.</summary>
/// <param name="fields">The names that the manifest gives.</param>
/// <param name="has">Whether the record has a field of a name.</param>
/// <param name="text">Its value as text; null where it is empty.</param>
/// <param name="known">The names of all fields, for messages.</param>
sealed class NamedFields(
    RecordedFile file, int line, RecordedFields fields, Func<string, bool> has, Func<string, string?> text, IEnumerable<string> known)
{
    /// <exception cref="HarnessException"><see cref="Diagnostics.Codes.DataCorrupt"/>, at the line.</exception>
    public RecordedSample Sample() => new()
    {
        Line = line,
        Problem = Whole(fields.Problem ?? "problem") ?? throw Missing(fields.Problem ?? "problem"),
        Sample = Optional(fields.Sample, "sample", Whole),
        Answer = Optional(fields.Answer, "answer", text),
        Correct = Optional(fields.Correct, "correct", Truth),
        Text = Optional(fields.Text, "text", text),
        Tokens = Optional(fields.Tokens, "tokens", Whole),
        Logprob = Optional(fields.Logprob, "logprob", Real),
    };

    /// <summary>The field that a manifest names must be there; the one of the usual name need not.</summary>
    T? Optional<T>(string? stated, string usual, Func<string, T?> read)
    {
        string name = stated ?? usual;
        if (has(name))
            return read(name);
        return stated is null ? default : throw Missing(name);
    }

    int? Whole(string name) => Value(name) is not { } written ? null
        : int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw Wrong(name, written, "an integer of 0 or more");

    double? Real(string name) => Value(name) is not { } written ? null
        : double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number <= 0
            && double.IsFinite(number) ? number
            : throw Wrong(name, written, "a natural logarithm, 0 or less");

    bool? Truth(string name) => Value(name) switch
    {
        null => null,
        "0" => false,
        "1" => true,
        var written when bool.TryParse(written, out bool truth) => truth,
        var written => throw Wrong(name, written, "0, 1, true or false"),
    };

    string? Value(string name) => has(name) && text(name)?.Trim() is { Length: > 0 } value ? value : null;

    HarnessException Missing(string name) => file.Bad(
        has(name) ? $"field '{name}' is empty" : $"no field '{name}'; it has: {string.Join(", ", known)}", line);

    HarnessException Wrong(string name, string written, string expected) =>
        file.Bad($"field '{name}' is '{written}'; expected {expected}", line);
}
