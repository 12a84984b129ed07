using System.Globalization;
using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Comparison.Programs;

/// <summary>What two programs decode in turns: an experiment's model, with as many tokens as its first pool has.</summary>
/// <param name="Model">A path, or a name that the kernels know.</param>
public sealed record DecodeWorkload(string Model, string Precision, int PromptTokens, int Tokens)
{
    const int FewestSamples = 64, MostSamples = 4096;

    /// <summary>Seconds of one turn at least: shorter ones are mostly the machine's other programs.</summary>
    const double ShortestTurn = 0.2;

    /// <summary>Of one turn.</summary>
    public int Samples { get; init; } = FewestSamples;

    /// <summary>As a table of speeds names it.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture,
        $"{Path.GetFileName(Model)} at {Precision}, {PromptTokens} + {Tokens} tokens, {Samples} samples");

    /// <param name="experiment">With its committed rows.</param>
    /// <param name="find">Where a model of a manifest lies on this machine.</param>
    /// <exception cref="HarnessException"><see cref="Codes.NothingToCompare"/>: it has no model that kernels run.</exception>
    public static DecodeWorkload Of(ExperimentFiles experiment, string name, Func<string, string> find)
    {
        JsonObject? manifest = experiment.Run["manifest"] as JsonObject;
        string model = manifest?["model"]?.ToString() ?? "";
        if (model.Length == 0 || manifest?["engine"] is not null)
            throw Codes.NothingToCompare.With($"{name} has no model that the kernels run, and so no speed to measure");
        AccuracyRow row = experiment.Accuracy.FirstOrDefault(row => row.Multiplier == 1 && row.Difficulty == AccuracyRow.AllDifficulties
            && double.IsFinite(row.Tokens))
            ?? throw Codes.NothingToCompare.With($"{name} has no row of one sample, of which the tokens of a workload are taken");
        return new DecodeWorkload(
            find(model), manifest?["precision"]?.ToString() ?? "f32", Math.Max(1, (int)Math.Round(row.PromptTokens)),
            Math.Max(2, (int)Math.Round(row.Tokens)));
    }

    /// <summary>The same with as many samples a turn as take long enough at this rate.</summary>
    public DecodeWorkload LongEnough(double tokensPerSecond)
    {
        int wanted = (int)Math.Min(Math.Ceiling(ShortestTurn * tokensPerSecond / Tokens / FewestSamples) * FewestSamples, MostSamples);
        return this with { Samples = Math.Max(wanted, FewestSamples) };
    }

    /// <summary>Tokens/s: the median of as many turns within one run of the program as its bench takes to know it.</summary>
    public double Measure(ISideProgram program, CancellationToken cancellation)
    {
        JsonObject report = program.Run(cancellation,
            "bench", Model, "--precision", Precision, "--prompt-tokens", CsvFields.Write(PromptTokens), "--tokens", CsvFields.Write(Tokens),
            "--samples", CsvFields.Write(Samples), "--json");
        JsonObject? decode = (report["rows"] as JsonArray)?.OfType<JsonObject>()
            .FirstOrDefault(row => row["work"]?.ToString().StartsWith("decode", StringComparison.Ordinal) == true);
        return decode?["median"] is JsonValue median && median.TryGetValue(out double rate) && rate > 0 ? rate
            : throw Codes.NothingToCompare.With($"`harness bench` of {program.Name} gives no rate of decoding");
    }
}
