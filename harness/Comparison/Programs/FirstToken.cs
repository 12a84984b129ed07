using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Records;

namespace Harness.Comparison.Programs;

/// <summary>Where the tokens of a sample begin to differ, both sides having drawn it again.</summary>
/// <param name="Position">0-based; the number of equal tokens.</param>
/// <param name="Before">The token there as it is written, with its log-probability; null where the sample has ended.</param>
/// <param name="After">As <paramref name="Before"/>.</param>
public sealed record FirstToken(string Experiment, string Pool, int Problem, int Sample, int Position, string? Before, string? After)
{
    /// <summary>Null where both draw the same tokens here, so that what is committed came of something else.</summary>
    public static FirstToken? Of(
        string experiment, string pool, MovedSample moved, ISideProgram before, ISideProgram after, CancellationToken cancellation)
    {
        JsonObject[] old = Tokens(before), now = Tokens(after);
        int position = 0;
        while (position < old.Length && position < now.Length && Id(old[position]) == Id(now[position]))
            position++;
        return position == old.Length && position == now.Length ? null : new FirstToken(
            experiment, pool, moved.Before.Problem, moved.Before.Sample, position, Written(old), Written(now));

        JsonObject[] Tokens(ISideProgram side) => side.Run(cancellation, "show", experiment, CsvFields.Write(moved.Before.Problem),
            CsvFields.Write(moved.Before.Sample), "--pool", pool, "--json")["tokens"] is JsonArray tokens
            ? [.. tokens.OfType<JsonObject>()]
            : throw Codes.NothingToCompare.With($"`harness show` of {side.Name} gives no tokens of {experiment}");

        string? Written(JsonObject[] tokens) => position < tokens.Length
            ? $"'{tokens[position]["text"]}' (log-probability {tokens[position]["logprob"]})" : null;
    }

    static string? Id(JsonObject token) => token["id"]?.ToString();
}
