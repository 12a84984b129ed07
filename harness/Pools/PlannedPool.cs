using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Tokenizers;
using Harness.Manifests;
using Harness.Samples;
using Harness.Tasks;
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

    public required Tokenizer Tokenizer { get; init; }

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
    /// tokenizer, or no chat template for Chat=true, or a prompt has no tokens.</exception>
    public static PlannedPool Create(ResolvedExperiment experiment, int index, Checkpoint model)
    {
        PoolManifest pool = experiment.Manifest.Pools[index];
        Tokenizer tokenizer = model.Tokenizer
            ?? throw Codes.BadValue.With(
                $"model '{experiment.Model.Name}' has no tokenizer, so it can't be asked questions", experiment.Manifest.Project);
        ChatTemplate? chat = experiment.At(pool, index, "Chat", () => ChooseChat(pool, model));
        ITask task = experiment.Tasks[index];
        IReadOnlyList<string> texts = experiment.At(pool, index, "Prompt", () => experiment.Prompts[index].Render(task));
        PlannedPrompt[] prompts = experiment.At(
            pool,
            index,
            "Prompt",
            () => task.Problems.Zip(texts, (problem, text) => PreparePrompt(problem, text, tokenizer, chat)).ToArray());
        ThinkTags thinking = ThinkTags.Of(model.ChatTemplate?.Source);
        int maxTokens = experiment.At(pool, index, "MaxTokens", () => FitContext(pool, prompts, model.Config));
        return new PlannedPool
        {
            Manifest = pool,
            Task = task,
            Prompts = prompts,
            Tokenizer = tokenizer,
            Verifiers = experiment.Manifest.TextVerifiersOf(pool),
            Thinking = thinking,
            Decoder = new AnswerDecoder(tokenizer, thinking),
            Key = ExperimentKey.OfSample(experiment.Manifest, pool, experiment.Inputs, maxTokens),
            Decoding = new DecodingSettings
            {
                Seed = experiment.Manifest.Seed,
                Temperature = pool.Temperature,
                TopK = pool.TopK,
                TopP = pool.TopP,
                MinP = pool.MinP,
                MaxTokens = maxTokens,
                StopTokens = tokenizer.EndTokens,
                StopStrings = pool.StopStrings,
            },
        };
    }

    /// <summary>
    /// Ids of a prompt: in a chat, the template's text as it is; else with the begin token that the model's tokenizer adds.
    /// </summary>
    public static int[] Tokenize(string text, Tokenizer tokenizer, bool chat)
    {
        int[] ids = tokenizer.Encode(text, parseSpecial: true);
        return !chat && tokenizer is { AddsBeginOfSequence: true, BeginOfSequence: { } begin } && (ids.Length == 0 || ids[0] != begin)
            ? [begin, .. ids]
            : ids;
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

    static ChatTemplate? ChooseChat(PoolManifest pool, Checkpoint model) => pool.Chat switch
    {
        true => model.ChatTemplate ?? throw Codes.BadValue.With("Chat is true, and the model has no chat template"),
        false => null,
        null => model.ChatTemplate,
    };

    static PlannedPrompt PreparePrompt(Problem problem, string text, Tokenizer tokenizer, ChatTemplate? chat)
    {
        string given = chat is null ? text : chat.Render([new ChatMessage("user", text)], addGenerationPrompt: true);
        int[] tokens = Tokenize(given, tokenizer, chat is not null);
        return tokens.Length > 0
            ? new PlannedPrompt(problem, given, tokens)
            : throw Codes.BadValue.With($"the prompt of problem {problem.Index} has no tokens: there is nothing to go on from");
    }

    /// <summary>Stated MaxTokens must fit beside the longest prompt; the task's default gives way to it.</summary>
    static int FitContext(PoolManifest pool, PlannedPrompt[] prompts, ModelConfig config)
    {
        PlannedPrompt longest = prompts.MaxBy(prompt => prompt.Tokens.Length)!;
        int room = config.ContextLength - longest.Tokens.Length;
        int wanted = pool.MaxTokens > 0 ? pool.MaxTokens : Math.Min(pool.Task.DefaultMaxTokens, Math.Max(room, 1));
        return wanted <= room ? wanted : throw KernelCodes.PromptTooLong.With(
            $"the prompt of problem {longest.Problem.Index} has {longest.Tokens.Length} tokens; with {wanted} to generate it exceeds the "
            + $"model's context of {config.ContextLength}");
    }
}
