using System.Text.Json.Nodes;
using Harness.Statistics.Laws;

namespace Harness.Manifests;

/// <summary>Attributes of a law that is fitted to an experiment's models.</summary>
public static class LawAttributes
{
    /// <summary>How a manifest calls the sizes, in their order.</summary>
    public static IReadOnlyList<string> SizeNames { get; } = ["all", "without-embedding"];

    public static AttributeDefinition<LawManifest, ILaw> Name { get; } = new()
    {
        Name = "Include",
        Summary = "Which law",
        Values = "the name of a law that predicts a loss, or coverage from models (`harness list laws`)",
        Key = KeyPart.Analysis,
        KeyName = "name",
        Fallback = null!,
        Describe = law => law.Law.Name,
    };

    public static AttributeDefinition<LawManifest, IReadOnlyList<string>> Models { get; } = Texts(
        "Models", "models", "The models that it is fitted to, and the HeldOut ones", "names among the manifest's Train items",
        "all", law => law.Models, []);

    public static AttributeDefinition<LawManifest, IReadOnlyList<string>> HeldOut { get; } = Texts(
        "HeldOut", "held_out", "Models that it is not fitted to, and predicts", "names among the manifest's Train items", "none",
        law => law.HeldOut, []);

    public static AttributeDefinition<LawManifest, IReadOnlyList<string>> Size { get; } = Texts(
        "Size", "size",
        "What counts as parameters, and as operations: all, or what is without embedding and output head; of experts those that a token "
            + "passes. A fit for each",
        "all, without-embedding, separated by ;", "all", law => [.. law.Sizes.Select(NameOf)], ["all"]);

    public static AttributeDefinition<LawManifest, IReadOnlyList<string>> Data { get; } = Texts(
        "Data", "data", "Whose validation loss it predicts: that of all data, or of one. A fit for each",
        "all, or names among the manifest's Data items, separated by ;", "all, of a law of losses", law => law.Data, []);

    public static AttributeDefinition<LawManifest, IReadOnlyList<string>> Evaluation { get; } = Texts(
        "Evaluation", "evaluation", "Whose coverage it predicts. A fit for each",
        "names among the manifest's Evaluation items, separated by ;", "all, of a law of coverage", law => law.Evaluations, []);

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition<LawManifest>> All { get; } = [Name, Models, HeldOut, Size, Data, Evaluation];

    public static string NameOf(ModelSize size) => SizeNames[(int)size];

    /// <summary>The size of one of <see cref="SizeNames"/>.</summary>
    public static ModelSize SizeOf(string name) => (ModelSize)SizeNames.Index().First(size => size.Item == name).Index;

    internal static JsonObject Describe(LawManifest law) => ManifestKeys.Members(law, All);

    static AttributeDefinition<LawManifest, IReadOnlyList<string>> Texts(
        string name, string keyName, string summary, string values, string otherwise, Func<LawManifest, IReadOnlyList<string>> of,
        IReadOnlyList<string> absent) =>
        AttributeKinds.Texts(name, summary, KeyPart.Analysis, of, values, otherwise, absent) with { KeyName = keyName };
}
