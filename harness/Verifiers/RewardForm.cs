using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Verifiers;

/// <summary>
/// How a reward model is read, as reward.json in its folder says: after which token it is asked, and which two of its words are the
/// verdict. A reward is the probability of the one among the two.
/// </summary>
/// <param name="Kind">Of whole answers, or of steps.</param>
/// <param name="Right">The word for a right answer or a good step.</param>
/// <param name="Wrong">The word for the opposite.</param>
/// <param name="StepEnd">The word that ends a step; null where answers are judged whole.</param>
public sealed record RewardForm(RewardKind Kind, string Right, string Wrong, string? StepEnd)
{
    public const string FileName = "reward.json";

    /// <summary>Of the models that the harness trains on generated tasks.</summary>
    public static RewardForm Of(RewardKind kind) => kind == RewardKind.Outcome
        ? new RewardForm(kind, "yes", "no", null)
        : new RewardForm(kind, "good", "bad", ";");

    public byte[] Write()
    {
        JsonObject members = new() { ["judges"] = Kind.ToString().ToLowerInvariant(), ["right"] = Right };
        if (StepEnd is not null)
            members["step_end"] = StepEnd;
        members["wrong"] = Wrong;
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
            RewardForm form = new(kind, Text(root, "right"), Text(root, "wrong"), kind == RewardKind.Steps ? Text(root, "step_end") : null);
            return form.Right != form.Wrong ? form : throw new FormatException($"right and wrong are both '{form.Right}'");
        }
        catch (Exception bad) when (bad is JsonException or FormatException or IOException or UnauthorizedAccessException
            or InvalidOperationException)
        {
            throw Codes.NoRewardModel.With($"is not how a reward model is read: {bad.Message.ReplaceLineEndings(" ")}", path,
                inner: bad);
        }
    }

    static string Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new FormatException($"'{name}' is missing");
}
