using Harness.Engines;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Numerics;
using Harness.Records;
using Harness.Registry;

namespace Harness.Tests.Experiments.Fakes;

/// <summary>
/// An engine without a checkpoint or weights: its model is any file, or a name after scripted:, and its answers are a function of (prompt,
/// seed, problem, sample).
/// </summary>
sealed class ScriptedEngine : IEngine
{
    const string NamePrefix = "scripted:";

    public string Name => "scripted";

    public string Summary => "adds up the numbers of its prompt";

    /// <summary>Everything that the program has, with this engine in place of its own.</summary>
    public Registered Registered => Registered.All with { Engines = IsDefault ? [this] : [.. Registered.All.Engines, this] };

    /// <summary>Whether it takes the place of the program's engines; else it stands after them.</summary>
    public bool IsDefault { get; init; } = true;

    public bool GivesExactResults { get; init; } = true;
    public int Generators { get; set; }
    public int Opened { get; private set; }

    /// <summary>Generators that are not disposed of.</summary>
    public int Loaded { get; set; }
    public int? ContextLength { get; init; } = 512;
    public ModelConfig? Shape { get; init; } = ScriptedModel.SomeShape;

    /// <summary>Whether its models are <see cref="INextLogits"/>.</summary>
    public bool GivesLogits { get; init; } = true;

    /// <summary>How a question is put into a chat; null: its models have none.</summary>
    public Func<string, string>? Chat { get; init; }

    /// <summary>The same as a template, which may ask for a date.</summary>
    public ChatTemplate? ChatTemplate { get; init; }

    /// <summary>Whether it draws token by token (<see cref="PositionalGenerator"/>) in place of adding up.</summary>
    public bool DrawsTokens { get; init; }

    /// <summary>Called with each finished sample before it is handed over.</summary>
    public Action<Generation>? BeforeFinished { get; set; }

    /// <summary>What the machine can't give, said when the weights are loaded.</summary>
    public HarnessException? Refusal { get; init; }

    /// <summary>Called when the machine's ceiling is measured.</summary>
    public Action? BeforeMeasuring { get; init; }

    /// <summary>What the generator makes of a sample, as a changed kernel would.</summary>
    public Func<Generation, Generation> Alter { get; set; } = generation => generation;

    /// <summary>What it says of its arithmetic.</summary>
    public NumericsCheck? Numerics { get; init; }

    /// <summary>How often it was asked.</summary>
    public int NumericsChecks { get; private set; }

    public bool IsExact(Precision precision) => GivesExactResults;

    public bool KnowsByName(string model) => model.StartsWith(NamePrefix, StringComparison.Ordinal);

    public NumericsCheck? CheckNumerics(Placement placement)
    {
        NumericsChecks++;
        return Numerics;
    }

    public IEngineModel Open(string location)
    {
        Opened++;
        string hash = KnowsByName(location) ? Hashes.OfText(location) : Hashes.OfFile(location);
        return GivesLogits ? new ScriptedModelWithLogits(this, hash) : new ScriptedModel(this, hash);
    }

    public IReadOnlyList<Placement> Share(Placement placement, IReadOnlyList<(IEngineModel Model, Precision Precision)> models) =>
        [.. models.Select(_ => placement)];

    public double? MeasureCeiling(Precision precision, Placement placement)
    {
        BeforeMeasuring?.Invoke();
        return null;
    }

    public IEnergyMeter? OpenEnergyMeter(Placement placement) => null;

    public MachineFacts Describe(Precision precision, Placement placement) => new("cpu", "fake-x1", "portable", 1);
}
