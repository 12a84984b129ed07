using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Verifiers;

/// <summary>
/// How a reward model is read, as reward.json in its folder says: after which token it is asked, and which two of its words are the
/// verdict, of which a reward is the one's probability among the two; or that the probability of a step's own last token is its reward.
/// </summary>
/// <param name="Kind">Of whole answers, or of steps.</param>
/// <param name="Verdict">The words for a right answer or a good step, and for the opposite; null: a step's own last token.</param>
/// <param name="StepEnd">The word that ends a step; null where answers are judged whole.</param>
public sealed record RewardForm(RewardKind Kind, (string Right, string Wrong)? Verdict, string? StepEnd)
{
    public const string FileName = "reward.json";
    const string StepWord = ";";
    const string TokenReading = "token";

    /// <summary>Of the models that the harness trains on generated tasks, by their steps' own last tokens.</summary>
    public static RewardForm OfTokens { get; } = new(RewardKind.Steps, null, StepWord);

    /// <summary>Of those that say a word.</summary>
    public static RewardForm OfWords(RewardKind kind) => kind == RewardKind.Outcome
        ? new RewardForm(kind, ("yes", "no"), null)
        : new RewardForm(kind, ("good", "bad"), StepWord);

    /// <summary>All words that its tokenizer must have as one token each.</summary>
    public IEnumerable<string> Words =>
        new[] { Verdict?.Right, Verdict?.Wrong, StepEnd }.OfType<string>();

    public byte[] Write()
    {
        JsonObject members = new() { ["judges"] = Kind.ToString().ToLowerInvariant() };
        if (Verdict is null)
            members["reads"] = TokenReading;
        else
            members["right"] = Verdict.Value.Right;
        if (StepEnd is not null)
            members["step_end"] = StepEnd;
        if (Verdict is not null)
            members["wrong"] = Verdict.Value.Wrong;
        return Encoding.UTF8.GetBytes(members.ToJsonString(JsonStyle.Indented) + "\n");
    }

    /// <param name="folder">Of a model.</param>
    /// <exception cref="HarnessException"><see cref="Codes.NoRewardModel"/>: there is no such file, or it says something else.</exception>
    public static RewardForm Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw Codes.NoRewardModel.With(
                $"it is no reward model: its folder has no {FileName}, which one that was trained with Labels has", folder);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            RewardKind kind = Text(root, "judges") switch
            {
                "outcome" => RewardKind.Outcome,
                "steps" => RewardKind.Steps,
                string other => throw new FormatException($"it judges '{other}', and not outcome or steps"),
            };
            string? stepEnd = kind == RewardKind.Steps ? Text(root, "step_end") : null;
            if (root.TryGetProperty("reads", out _))
                return ReadOfTokens(Text(root, "reads"), kind, stepEnd);
            (string right, string wrong) = (Text(root, "right"), Text(root, "wrong"));
            return right != wrong ? new RewardForm(kind, (right, wrong), stepEnd)
                : throw new FormatException($"right and wrong are both '{right}'");
        }
        catch (Exception bad) when (bad is JsonException or FormatException or IOException or UnauthorizedAccessException
            or InvalidOperationException)
        {
            throw Codes.NoRewardModel.With($"is not how a reward model is read: {bad.Message.ReplaceLineEndings(" ")}", path,
                inner: bad);
        }
    }

    static RewardForm ReadOfTokens(string reads, RewardKind kind, string? stepEnd)
    {
        if (reads != TokenReading)
            throw new FormatException($"it reads '{reads}', and not {TokenReading}");
        return stepEnd is not null ? new RewardForm(kind, null, stepEnd)
            : throw new FormatException($"it reads {TokenReading}, which judges steps, and judges {kind.ToString().ToLowerInvariant()}");
    }

    static string Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new FormatException($"'{name}' is missing");
}
