using Harness.Diagnostics;
using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tasks.Prompts;
using Harness.Verifiers;

namespace Harness.Pools;

/// <param name="Text">What the model is given, chat template included.</param>
public sealed record PlannedPrompt(Problem Problem, string Text, int[] Tokens);

/// <summary>A pool ready to be generated: prompts tokenized, settings complete.</summary>
public sealed record PlannedPool
{
    public required PoolManifest Manifest { get; init; }

    public required ITask Task { get; init; }

    /// <summary>By problem index.</summary>
    public required IReadOnlyList<PlannedPrompt> Prompts { get; init; }

    public required DecodingSettings Decoding { get; init; }

    /// <summary>How the model reads and writes text.</summary>
    public required IModelText ModelText { get; init; }

    /// <summary>The tags around thinking that the model knows.</summary>
    public required ThinkTags Thinking { get; init; }

    /// <summary>Makes texts of its tokens.</summary>
    public required AnswerDecoder Decoder { get; init; }

    /// <summary>Those of its strategies' verifiers that read texts, in ordinal order of their names.</summary>
    public required IReadOnlyList<ITextVerifier> Verifiers { get; init; }

    /// <summary>All that decides the pool's tokens.</summary>
    public required string Key { get; init; }

    /// <summary>Name of the file in artifacts/ that keeps its samples.</summary>
    public string LogName => $"{Manifest.Name}.generations";

    public long Samples => (long)Prompts.Count * Manifest.Samples;

    /// <exception cref="HarnessException"><see cref="KernelCodes.PromptTooLong"/>; <see cref="Codes.BadValue"/> where the model has no
    /// text, or no chat template for Chat=true, or a prompt has no tokens.</exception>
    public static PlannedPool Create(ResolvedExperiment experiment, int index, IEngineModel model)
    {
        PoolManifest pool = experiment.Manifest.Pools[index];
        IModelText text = model.Text
            ?? throw Codes.BadValue.With(
                $"model '{experiment.Model.Name}' has no tokenizer, so it can't be asked questions", experiment.Manifest.Project);
        bool chat = experiment.At(pool, index, "Chat", () => IsChat(pool, text));
        experiment.At(pool, index, "Date", () => RequireDated(pool, text, chat));
        ITask task = experiment.Tasks[index];
        IReadOnlyList<string> questions = experiment.At(pool, index, "Prompt", () => experiment.Prompts[index]!.Render(task));
        PlannedPrompt[] prompts = experiment.At(
            pool,
            index,
            "Prompt",
            () => task.Problems.Zip(questions, (problem, question) => PreparePrompt(problem, question, text, chat, pool.Date)).ToArray());
        int maxTokens = experiment.At(pool, index, "MaxTokens", () => FitContext(pool, prompts, model.ContextLength));
        return Create(pool, task, prompts, text, maxTokens, experiment.Manifest.Seed,
            ExperimentKey.OfSample(experiment.Manifest, pool, experiment.Inputs, maxTokens)) with
        {
            Verifiers = experiment.Manifest.TextVerifiersOf(pool),
        };
    }

    /// <summary>What a model that an experiment made is asked, without verifiers.</summary>
    /// <param name="evaluation">Where it belongs in NAME.proj is the caller's to say.</param>
    /// <param name="prompt">Its template.</param>
    /// <param name="model">Opened.</param>
    /// <param name="seed">The manifest's.</param>
    /// <param name="keyOf">All that decides the tokens, given the most that a sample may have.</param>
    /// <exception cref="HarnessException">As of the other.</exception>
    public static PlannedPool Create(
        PoolManifest evaluation, ITask task, PromptTemplate prompt, IEngineModel model, ulong seed, Func<int, string> keyOf)
    {
        IModelText text = model.Text!;
        PlannedPrompt[] prompts = [.. task.Problems.Zip(prompt.Render(task), (problem, question) =>
            PreparePrompt(problem, question, text, chat: false, date: null))];
        int maxTokens = FitContext(evaluation, prompts, model.ContextLength);
        return Create(evaluation, task, prompts, text, maxTokens, seed, keyOf(maxTokens));
    }

    /// <summary>The tokens that a sample of an evaluation has at most, asked before there is a model.</summary>
    /// <param name="encode">The tokenizer that it will have.</param>
    /// <param name="context">The model's.</param>
    /// <exception cref="HarnessException">A prompt has a word that the tokenizer lacks, or does not fit the context.</exception>
    public static (int[] Prompts, int MaxTokens) Lengths(
        PoolManifest evaluation, ITask task, PromptTemplate prompt, Func<string, int[]> encode, int context)
    {
        PlannedPrompt[] prompts = [.. task.Problems.Zip(prompt.Render(task), (problem, question) =>
            new PlannedPrompt(problem, question, encode(question)))];
        return ([.. prompts.Select(each => each.Tokens.Length)], FitContext(evaluation, prompts, context));
    }

    static PlannedPool Create(
        PoolManifest pool, ITask task, PlannedPrompt[] prompts, IModelText text, int maxTokens, ulong seed, string key)
    {
        ThinkTags thinking = ThinkTags.Of(text.ChatSource);
        return new PlannedPool
        {
            Manifest = pool,
            Task = task,
            Prompts = prompts,
            ModelText = text,
            Verifiers = [],
            Thinking = thinking,
            Decoder = new AnswerDecoder(text.Decode, thinking),
            Key = key,
            Decoding = new DecodingSettings
            {
                Seed = seed,
                Temperature = pool.Temperature,
                TopK = pool.TopK,
                TopP = pool.TopP,
                MinP = pool.MinP,
                MaxTokens = maxTokens,
                StopTokens = text.EndTokens,
                StopStrings = pool.StopStrings,
            },
        };
    }

    /// <summary>The text of a sample, cut before a stop string.</summary>
    public string TextOf(Generation generation)
    {
        string text = Decoder.TextOf(generation);
        int[] stops =
            [.. Decoding.StopStrings.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(position => position >= 0)];
        return generation.Finish == FinishReason.StopString && stops.Length > 0 ? text[..stops.Min()] : text;
    }

    /// <summary>A sample's text with what decides which part of it is its answer.</summary>
    public GeneratedText Written(PlannedPrompt prompt, Generation generation, string text) => new(text)
    {
        CutOff = generation.Finish == FinishReason.Length,
        Thinking = Thinking,
        BeginsInThinking = Thinking.LeavesOpen(prompt.Text),
    };

    /// <summary>The answer that the task reads of a sample's text, and whether it is right.</summary>
    public (string? Answer, bool Correct) Judge(PlannedPrompt prompt, Generation generation, string text)
    {
        string? answer = Task.ExtractAnswer(prompt.Problem, Written(prompt, generation, text));
        return (answer, Task.IsCorrect(prompt.Problem, answer));
    }

    static bool IsChat(PoolManifest pool, IModelText text) => pool.Chat == true && !text.HasChat
        ? throw Codes.BadValue.With("Chat is true, and the model has no chat template")
        : pool.Chat ?? text.HasChat;

    /// <summary>A date is for a template that writes one.</summary>
    static bool RequireDated(PoolManifest pool, IModelText text, bool chat) => pool.Date is null || (chat && text.AsksForDate)
        ? chat
        : throw Codes.BadValue.With(chat
            ? "Date is stated, and the model's chat template writes no date"
            : "Date is stated, and the pool's prompts go through no chat template");

    static PlannedPrompt PreparePrompt(Problem problem, string question, IModelText text, bool chat, DateOnly? date)
    {
        ModelPrompt given = text.Prompt(question, chat, date);
        return given.Tokens.Length > 0
            ? new PlannedPrompt(problem, given.Text, given.Tokens)
            : throw Codes.BadValue.With($"the prompt of problem {problem.Index} has no tokens: there is nothing to go on from");
    }

    /// <summary>Stated MaxTokens must fit beside the longest prompt; the task's default gives way to it.</summary>
    static int FitContext(PoolManifest pool, PlannedPrompt[] prompts, int? contextLength)
    {
        PlannedPrompt longest = prompts.MaxBy(prompt => prompt.Tokens.Length)!;
        int room = contextLength is { } most ? most - longest.Tokens.Length : int.MaxValue;
        int wanted = pool.MaxTokens > 0 ? pool.MaxTokens : Math.Min(pool.Task.DefaultMaxTokens, Math.Max(room, 1));
        return wanted <= room ? wanted : throw KernelCodes.PromptTooLong.With(
            $"the prompt of problem {longest.Problem.Index} has {longest.Tokens.Length} tokens; with {wanted} to generate it exceeds the "
            + $"model's context of {contextLength}");
    }
}
