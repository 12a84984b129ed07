using System.Text.Json;
using Harness.Diagnostics;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.ModelChecks;

/// <summary>
/// Compares a model with values that another program computed for it: token ids, decoded text, logits, losses, greedy answers, sampled
/// accuracy, dequantised blocks. The formats are told apart by their top-level keys; see docs/reference-files.md.
/// </summary>
public static class ReferenceCheck
{
    /// <exception cref="HarnessException">The model or the reference can't be read.</exception>
    public static CheckReport Run(string modelPath, string referencePath, Precision precision, Placement placement)
    {
        using JsonDocument document = Read(referencePath);
        JsonElement root = document.RootElement;
        try
        {
            List<CheckItem> items = root.TryGetProperty("tensors", out JsonElement tensors)
                ? [BlockValues.Check(modelPath, tensors)]
                : CheckModel(modelPath, root, precision, placement);
            items.RemoveAll(item => item.Compared == 0);
            if (items.Count == 0)
                throw Codes.ReferenceUnreadable.With(
                    "nothing to compare under any of the keys tokenizer, cases, logits, chat, problems, sets and tensors", referencePath);
            return new CheckReport(modelPath, referencePath, precision.ToString().ToLowerInvariant(), items);
        }
        catch (Exception exception) when (
            exception is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException
                or ArgumentOutOfRangeException)
        {
            throw Codes.ReferenceUnreadable.With(
                $"a field is missing, too short or of another kind: {exception.Message}", referencePath, inner: exception);
        }
    }

    static List<CheckItem> CheckModel(string modelPath, JsonElement root, Precision precision, Placement placement)
    {
        using Checkpoint checkpoint = ModelFiles.Open(modelPath);
        var reference = new ReferenceModel(checkpoint, precision, placement);
        List<CheckItem> items = [];
        using (reference)
        {
            if (root.TryGetProperty("tokenizer", out JsonElement texts))
                items.AddRange(TokenizedTexts.Check(reference, texts));
            if (root.TryGetProperty("cases", out JsonElement cases))
                items.AddRange(TextCases.Check(reference, cases, Tolerance(root)));
            if (root.TryGetProperty("logits", out JsonElement prompts))
                items.AddRange(PromptLogits.Check(reference, prompts));
            if (root.TryGetProperty("chat", out JsonElement chat))
                items.Add(ChatTexts.Check(reference, chat));
            if (root.TryGetProperty("problems", out JsonElement problems))
                items.AddRange(GreedyAnswers.Check(reference, problems));
            if (root.TryGetProperty("sets", out JsonElement sets))
                items.AddRange(TaskSets.Check(reference, sets));
        }
        return items;
    }

    /// <summary>The file's own tolerance, or by default the one for float32 against float64.</summary>
    static double Tolerance(JsonElement root) =>
        root.TryGetProperty("tolerance_abs", out JsonElement tolerance) ? tolerance.GetDouble() : ReferenceModel.LogitTolerance;

    static JsonDocument Read(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Codes.ReferenceUnreadable.With(exception.Message.ReplaceLineEndings(" "), path, inner: exception);
        }
    }
}
