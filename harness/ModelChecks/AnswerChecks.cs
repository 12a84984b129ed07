using System.Text.Json;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Registry;
using Harness.Samples;
using Harness.Tasks;

namespace Harness.ModelChecks;

/// <summary>Key `problems`: greedy answers of a chat model to user messages.</summary>
static class GreedyAnswers
{
    public static IEnumerable<CheckItem> Check(ReferenceModel model, JsonElement problems)
    {
        CheckBuilder prompts = new("prompt tokens"), greedy = new("greedy tokens");
        ChatTemplate template = model.Checkpoint.ChatTemplate
            ?? throw KernelCodes.ChatTemplateUnsupported.With("the model has no chat template, and the reference asks in a chat");
        List<GreedyText> texts = [];
        foreach (JsonElement one in problems.EnumerateArray())
        {
            string where = $"problem {one.GetProperty("problem").GetInt32()}";
            ChatMessage[] messages = [new ChatMessage("user", one.GetProperty("user").GetString()!)];
            int[] prompt = model.Tokenizer.Encode(ReferenceModel.Dated(template, one).Render(messages, addGenerationPrompt: true));
            prompts.Equal(prompt.Length, one.GetProperty("prompt_tokens").GetInt32(), where);
            JsonElement first = one.GetProperty("first_margin_below_0_01");
            int[] expected = ReferenceModel.Ids(one.GetProperty("greedy_ids"));
            texts.Add(new GreedyText(where, prompt, expected, first.ValueKind == JsonValueKind.Null ? expected.Length : first.GetInt32()));
        }
        if (model.Precision != Precision.F32)
            return [prompts.Build(), PositionValues.DivergenceItem(model, texts.Select(text => (int[])[.. text.Prompt, .. text.Expected]))];
        Compare(model, greedy, texts);
        return [prompts.Build(), greedy.Build()];
    }

    /// <summary>Generates all texts together and compares the tokens that are clear choices.</summary>
    public static void Compare(ReferenceModel model, CheckBuilder check, IReadOnlyList<GreedyText> texts)
    {
        GenerationRequest[] requests =
            [.. texts.Select((text, i) => new GenerationRequest { Problem = i, Prompt = text.Prompt, Samples = [0] })];
        foreach (Generation answer in model.Generate(requests, model.Settings(0, texts.Max(text => text.Expected.Length))))
        {
            GreedyText text = texts[answer.Problem];
            int compared = Math.Min(text.Sure, text.Expected.Length);
            check.EqualIds(answer.Tokens[..Math.Min(compared, answer.Tokens.Length)], text.Expected[..compared], text.Where);
        }
    }
}

/// <summary>A prompt with its greedy continuation, whose first <paramref name="Sure"/> tokens are clear choices, not near ties.</summary>
sealed record GreedyText(string Where, int[] Prompt, int[] Expected, int Sure);

/// <summary>Key `sets`: problems of an embedded task with greedy answers and the accuracy of samples.</summary>
static class TaskSets
{
    /// <summary>Differences of sampled accuracy are judged in Monte Carlo errors.</summary>
    const double ErrorsAllowed = 4;

    const int LongestAnswer = 96;

    public static IEnumerable<CheckItem> Check(ReferenceModel model, JsonElement sets)
    {
        CheckBuilder greedy = new("greedy tokens"), judged = new("greedy answers judged"), sampled = new("sampled accuracy");
        double worst = 0;
        foreach (JsonElement set in sets.EnumerateArray())
        {
            string name =
                $"{set.GetProperty("task").GetString()} n={set.GetProperty("n").GetInt32()} {set.GetProperty("style").GetString()}";
            TaskSet problems = new(model, set);
            problems.CompareGreedy(greedy, judged, name);
            worst = Math.Max(worst, problems.CompareSampled(sampled, ErrorsAllowed, name));
        }
        sampled.Measured = $"largest difference {worst:F2} Monte Carlo errors";
        return [greedy.Build(), judged.Build(), sampled.Build()];
    }

    sealed class TaskSet
    {
        readonly ReferenceModel model;
        readonly ITask task;
        readonly JsonElement[] recorded;
        readonly Problem[] problems;
        readonly int[][] prompts;
        readonly JsonElement set;
        readonly AnswerDecoder decoder;

        public TaskSet(ReferenceModel model, JsonElement set)
        {
            this.model = model;
            this.set = set;
            task = TaskRegistry.Find(set.GetProperty("task").GetString()!).Create(new TaskSettings { Seed = 1, Problems = 1 });
            recorded = [.. set.GetProperty("problems").EnumerateArray()];
            problems = [.. recorded.Select(ProblemOf)];
            prompts = [.. recorded.Select(one => Prompt(one.GetProperty("prompt").GetString()!))];
            decoder = new AnswerDecoder(model.Tokenizer, ThinkTags.Of(model.Checkpoint.ChatTemplate?.Source));
        }

        public void CompareGreedy(CheckBuilder tokens, CheckBuilder judged, string name)
        {
            IReadOnlyList<Generation> answers = Generate(0, 1);
            foreach (Generation answer in answers)
            {
                JsonElement one = recorded[answer.Problem];
                bool sure = model.Precision == Precision.F32 && one.GetProperty("min_margin").GetDouble() >= ReferenceModel.MarginTolerance;
                if (!sure)
                    continue;
                string where = $"{name}, {one.GetProperty("prompt").GetString()}";
                tokens.EqualIds(answer.Tokens, ReferenceModel.Ids(one.GetProperty("greedy_ids")), where);
                judged.Equal(IsCorrect(answer), one.GetProperty("greedy_correct").GetBoolean(), where);
            }
        }

        /// <summary>The difference of mean accuracies, in Monte Carlo errors of the recorded one.</summary>
        public double CompareSampled(CheckBuilder check, double allowed, string name)
        {
            int samples = set.GetProperty("samples_each").GetInt32();
            double accuracy = Generate(1, samples).Count(IsCorrect) / (double)(samples * problems.Length);
            double expected = set.GetProperty("sampled_accuracy_T1").GetDouble();
            double variance = recorded.Select(one => one.GetProperty("sampled_accuracy").GetDouble()).Sum(p => p * (1 - p) / samples);
            double error = Math.Sqrt(variance) / problems.Length;
            check.Near(accuracy, expected, allowed * error, name);
            return Math.Abs(accuracy - expected) / error;
        }

        IReadOnlyList<Generation> Generate(float temperature, int samples)
        {
            int[] indices = [.. Enumerable.Range(0, samples)];
            int room = Math.Min(LongestAnswer, model.Checkpoint.Config.ContextLength - prompts.Max(prompt => prompt.Length));
            GenerationRequest[] requests =
                [.. prompts.Select((prompt, i) => new GenerationRequest { Problem = i, Prompt = prompt, Samples = indices })];
            return model.Generate(requests, model.Settings(temperature, room));
        }

        bool IsCorrect(Generation answer)
        {
            Problem problem = problems[answer.Problem];
            return task.IsCorrect(problem, task.ExtractAnswer(problem, decoder.Judged(answer)));
        }

        Problem ProblemOf(JsonElement one)
        {
            string prompt = one.GetProperty("prompt").GetString()!;
            return new Problem
            {
                Index = 0,
                Difficulty = set.GetProperty("n").GetInt32(),
                Question = prompt[..prompt.LastIndexOf(' ')],
                Answer = one.GetProperty("answer").GetRawText(),
            };
        }

        int[] Prompt(string text) => model.Tokenizer.AddsBeginOfSequence
            ? [model.Tokenizer.BeginOfSequence!.Value, .. model.Tokenizer.Encode(text)]
            : model.Tokenizer.Encode(text);
    }
}
