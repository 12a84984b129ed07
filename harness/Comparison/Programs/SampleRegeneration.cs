using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Records;

namespace Harness.Comparison.Programs;

/// <summary>Draws a sample again with the programs of both sides, and finds where its tokens begin to differ.</summary>
public static class SampleRegeneration
{
    /// <summary>What `harness show` prints of a sample, as far as it is compared.</summary>
    sealed record Drawn(string? Prompt, string? Hash, RegeneratedToken[] Tokens);

    /// <exception cref="Kernels.Diagnostics.HarnessException"><see cref="Codes.NothingToCompare"/>: a side can't draw it.</exception>
    public static RegeneratedSample Of(
        string experiment, string pool, MovedSample moved, ISideProgram before, ISideProgram after, CancellationToken cancellation)
    {
        Drawn old = Draw(experiment, pool, moved.Before, before, cancellation);
        Drawn now = Draw(experiment, pool, moved.After, after, cancellation);
        int equal = 0;
        while (equal < old.Tokens.Length && equal < now.Tokens.Length && old.Tokens[equal].Id == now.Tokens[equal].Id)
            equal++;
        bool differ = equal < old.Tokens.Length || equal < now.Tokens.Length;
        return new RegeneratedSample
        {
            Experiment = experiment,
            Pool = pool,
            Problem = moved.Before.Problem,
            Sample = moved.Before.Sample,
            Position = differ ? equal : null,
            Before = old.Tokens.ElementAtOrDefault(equal),
            After = now.Tokens.ElementAtOrDefault(equal),
            IsSamePrompt = old.Prompt == now.Prompt,
            IsCommittedBefore = old.Hash == moved.Before.TokensHash,
            IsCommittedAfter = now.Hash == moved.After.TokensHash,
        };
    }

    static Drawn Draw(string experiment, string pool, SampleRow row, ISideProgram side, CancellationToken cancellation)
    {
        JsonObject shown = side.Run(cancellation, "show", experiment, CsvFields.Write(row.Problem), CsvFields.Write(row.Sample),
            "--pool", pool, "--json");
        if (shown["tokens"] is not JsonArray tokens || !tokens.All(token => token?["id"] is JsonValue))
            throw Codes.NothingToCompare.With($"`harness show` of {side.Name} gives no tokens of {experiment}");
        return new Drawn(shown["prompt"]?.ToString(), shown["tokens_hash"]?.ToString(), [.. tokens.OfType<JsonObject>().Select(token =>
            new RegeneratedToken((int)token["id"]!, token["text"]?.ToString() ?? "", (double?)token["logprob"] ?? double.NaN))]);
    }
}
