using Harness.Records;

namespace Harness.Manifests;

/// <summary>
/// The resolved manifest as Experiment.targets writes it: every value a string as MSBuild evaluated it, typed and checked by
/// <see cref="Manifest"/>. Names are those of the manifest (Task, Prompt, Temperature, ...); empty strings are absent values.
/// </summary>
public sealed record RawManifest
{
    /// <summary><see cref="SchemaVersions.Manifest"/>.</summary>
    public required int Schema { get; init; }

    public required string Name { get; init; }

    /// <summary>
    /// Absolute path of NAME.proj: where messages point; its folder is where relative paths start and results are committed.
    /// </summary>
    public required string Project { get; init; }

    /// <summary>Title, Model, Precision, Seed and the like: what the experiment is.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>Each pool's attributes; "Include" is its name.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, string>> Pools { get; init; }

    /// <summary>Each strategy's attributes; "Include" is its name.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, string>> Strategies { get; init; }

    /// <summary>Each gate's attributes; "Include" is its name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Gates { get; init; } = [];

    /// <summary>The attributes of what models learn from; "Include" is its name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Data { get; init; } = [];

    /// <summary>The attributes of each model that is trained; "Include" is its name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Trains { get; init; } = [];

    /// <summary>What the models that are trained are asked; "Include" is its name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Evaluations { get; init; } = [];

    /// <summary>The attributes of each law that is fitted to the models' losses; "Include" is the law's name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Laws { get; init; } = [];

    /// <summary>Device, Threads, Batch, Isa, Memory, HarnessData, Record, Renderer: where and how; not hashed.</summary>
    public required IReadOnlyDictionary<string, string> Placement { get; init; }

    /// <summary>
    /// Names of command-line overrides (Problems, Samples, ...) that change what the experiment is; not empty: results go to artifacts/.
    /// </summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>
    /// Where each value was written, as <c>file(line,col)</c>, by its property's name or as <c>Pool[0].Samples</c>; defaults and values of
    /// the command line have none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Places { get; init; } = new Dictionary<string, string>();

    /// <summary>What MSBuild's side found wrong. The values are then what it could make of the manifest.</summary>
    public IReadOnlyList<RawMistake> Mistakes { get; init; } = [];
}
