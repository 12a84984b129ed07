using System.Text.Json;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;

namespace Harness.ModelChecks;

/// <summary>Key `tokenizer`: texts with their ids and the text decoded from them.</summary>
static class TokenizedTexts
{
    public static IEnumerable<CheckItem> Check(ReferenceModel model, JsonElement texts)
    {
        CheckBuilder ids = new("token ids"), decoded = new("decoded text");
        int i = 0;
        foreach (JsonElement one in texts.EnumerateArray())
        {
            int[] expected = ReferenceModel.Ids(one.GetProperty("ids"));
            string where = $"tokenizer[{i++}]";
            ids.EqualIds(model.Encode(one.GetProperty("text").GetString()!, expected), expected, where);
            decoded.Equal(model.Tokenizer.Decode(expected, keepSpecial: true), one.GetProperty("decoded").GetString()!, where);
        }
        yield return ids.Build();
        yield return decoded.Build();
    }
}

/// <summary>Key `chat`: messages, the text that the template makes of them, and its ids.</summary>
static class ChatTexts
{
    public static CheckItem Check(ReferenceModel model, JsonElement chat)
    {
        CheckBuilder check = new("chat template");
        ChatTemplate template = model.Checkpoint.ChatTemplate
            ?? throw KernelCodes.ChatTemplateUnsupported.With("the model has no chat template, and the reference compares one");
        ChatMessage[] messages = [.. chat.GetProperty("messages").EnumerateArray()
            .Select(message => new ChatMessage(message.GetProperty("role").GetString()!, message.GetProperty("content").GetString()!))];
        string text = ReferenceModel.Dated(template, chat).Render(messages, addGenerationPrompt: true);
        check.Equal(text, chat.GetProperty("text").GetString()!, "chat.text");
        check.EqualIds(model.Tokenizer.Encode(text), ReferenceModel.Ids(chat.GetProperty("ids")), "chat.ids");
        return check.Build();
    }
}

/// <summary>Key `cases`: texts with ids, decoded text, the last position's logits, and each position's best token and loss.</summary>
static class TextCases
{
    public static IEnumerable<CheckItem> Check(ReferenceModel model, JsonElement cases, double tolerance)
    {
        CheckBuilder ids = new("token ids"), decoded = new("decoded text"), logits = new("last logits");
        CheckBuilder best = new("best token of each position"), losses = new("loss of each token");
        List<int[]> texts = [];
        int i = 0;
        foreach (JsonElement one in cases.EnumerateArray())
        {
            string where = $"cases[{i++}]";
            int[] expected = ReferenceModel.Ids(one.GetProperty("ids"));
            texts.Add(expected);
            ids.EqualIds(model.Encode(one.GetProperty("text").GetString()!, expected), expected, where);
            if (one.TryGetProperty("decoded", out JsonElement text))
                decoded.Equal(model.Tokenizer.Decode(expected, keepSpecial: true), text.GetString()!, where);
            if (model.Precision == Precision.F32)
                PositionValues.Compare(model, one, expected, tolerance, where, (logits, best, losses));
        }
        CheckItem[] exact = [ids.Build(), decoded.Build()];
        return model.Precision == Precision.F32
            ? [.. exact, logits.Build(), best.Build(), losses.Build()]
            : [.. exact, PositionValues.DivergenceItem(model, texts)];
    }
}

/// <summary>Key `logits`: prompts with float64 logits, losses and a greedy continuation with its margins.</summary>
static class PromptLogits
{
    /// <summary>Relative tolerance of the logits' mean and norm.</summary>
    const double SummaryTolerance = 1e-4;

    public static IEnumerable<CheckItem> Check(ReferenceModel model, JsonElement prompts)
    {
        CheckBuilder ids = new("token ids"), logits = new("20 best logits"), summary = new("mean and norm of the last logits");
        CheckBuilder best = new("best token of each position"), losses = new("loss of each token"), greedy = new("greedy tokens");
        List<GreedyText> continuations = [];
        List<int[]> texts = [];
        int i = 0;
        foreach (JsonElement one in prompts.EnumerateArray())
        {
            string where = $"logits[{i++}]";
            int[] expected = ReferenceModel.Ids(one.GetProperty("ids"));
            texts.Add(expected);
            ids.EqualIds(model.Encode(one.GetProperty("text").GetString()!, expected), expected, where);
            if (model.Precision != Precision.F32)
                continue;
            float[] last = PositionValues.Compare(model, one, expected, ReferenceModel.LogitTolerance, where, (logits, best, losses));
            foreach (JsonElement pair in one.GetProperty("last_top20").EnumerateArray())
                logits.Near(
                    last[pair[0].GetInt32()], pair[1].GetDouble(), ReferenceModel.LogitTolerance, $"{where}, logit of token {pair[0]}");
            double mean = one.GetProperty("last_mean").GetDouble(), norm = one.GetProperty("last_l2").GetDouble();
            summary.Near(last.Average(logit => (double)logit), mean, SummaryTolerance * Math.Abs(mean), $"{where}, mean");
            summary.Near(Math.Sqrt(last.Sum(logit => (double)logit * logit)), norm, SummaryTolerance * norm, $"{where}, norm");
            int sure = ReferenceModel.SureTokens(ReferenceModel.Numbers(one.GetProperty("greedy_margin")));
            continuations.Add(new GreedyText(where, expected, ReferenceModel.Ids(one.GetProperty("greedy_ids")), sure));
        }
        if (model.Precision != Precision.F32)
            return [ids.Build(), PositionValues.DivergenceItem(model, texts)];
        GreedyAnswers.Compare(model, greedy, continuations);
        return [ids.Build(), logits.Build(), summary.Build(), best.Build(), losses.Build(), greedy.Build()];
    }
}

/// <summary>Values of every position of a text.</summary>
static class PositionValues
{
    /// <summary>
    /// Compares whichever the entry holds of last_logits, argmax_each_position and nll_each_token; gives the last logits.
    /// </summary>
    public static float[] Compare(
        ReferenceModel model,
        JsonElement entry,
        int[] tokens,
        double tolerance,
        string where,
        (CheckBuilder Logits, CheckBuilder Best, CheckBuilder Losses) checks)
    {
        int[]? best = entry.TryGetProperty("argmax_each_position", out JsonElement argmax) ? ReferenceModel.Ids(argmax) : null;
        double[]? losses = entry.TryGetProperty("nll_each_token", out JsonElement nll) ? ReferenceModel.Numbers(nll) : null;
        RequireLength(best?.Length, tokens.Length, $"{where}.argmax_each_position");
        RequireLength(losses?.Length, tokens.Length - 1, $"{where}.nll_each_token");
        float[] last = [];
        model.Evaluate(tokens, (position, logits) =>
        {
            if (best is not null)
                CompareBest(checks.Best, logits, best[position], $"{where}, position {position}");
            if (losses is not null && position + 1 < tokens.Length)
                checks.Losses.Near(
                    LogitDivergence.LogSumExp(logits) - logits[tokens[position + 1]],
                    losses[position],
                    tolerance,
                    $"{where}, token {position + 1}");
            if (position == tokens.Length - 1)
                last = logits.ToArray();
        });
        if (entry.TryGetProperty("last_logits", out JsonElement expected))
        {
            double[] values = ReferenceModel.Numbers(expected);
            checks.Logits.Equal(last.Length, values.Length, $"{where}, number of logits");
            for (int token = 0; token < Math.Min(values.Length, last.Length); token++)
                checks.Logits.Near(last[token], values[token], tolerance, $"{where}, logit of token {token}");
        }
        return last;
    }

    public static CheckItem DivergenceItem(ReferenceModel model, IEnumerable<int[]> texts)
    {
        CheckBuilder check = new("divergence from float32");
        texts = [.. texts.Where(text => text.Length > 0)];
        if (!texts.Any())
            return check.Build();
        double divergence = model.DivergenceFromSingle(texts);
        check.AtMost(divergence, ReferenceModel.DivergenceLimit, "mean KL divergence in nats a token");
        check.Measured = $"mean {divergence:G3} nats a token";
        return check.Build();
    }

    static void RequireLength(int? length, int least, string where)
    {
        if (length < least)
            throw new FormatException($"{where} has {length} entries; the text needs {least}");
    }

    static void CompareBest(CheckBuilder check, ReadOnlySpan<float> logits, int expected, string where)
    {
        int best = 0;
        for (int token = 1; token < logits.Length; token++)
            best = logits[token] > logits[best] ? token : best;
        bool tie = (uint)expected < (uint)logits.Length && logits[best] - logits[expected] < ReferenceModel.MarginTolerance;
        check.Equal(tie ? expected : best, expected, where);
    }
}
