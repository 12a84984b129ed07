using Harness.Engines;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;

namespace Harness.Tests.Experiments.Fakes;

/// <summary>What <see cref="ScriptedEngine"/> opens.</summary>
class ScriptedModel(ScriptedEngine engine, string hash) : IEngineModel
{
    public static ModelConfig SomeShape { get; } = new()
    {
        Architecture = "llama",
        Layers = 1,
        Width = 8,
        Heads = 1,
        KvHeads = 1,
        HeadWidth = 8,
        FeedForward = 16,
        Vocabulary = 128,
        ContextLength = 512,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbedding = true,
    };

    public string ContentHash => hash;
    public int? ContextLength => engine.ContextLength;
    public IModelText? Text { get; } = new CharacterText(engine.Chat, engine.ChatTemplate);
    public ModelConfig? Shape => engine.Shape;

    public IModelGenerator CreateGenerator(Precision precision, Placement placement)
    {
        engine.Generators++;
        if (engine.Refusal is not null)
            throw engine.Refusal;
        engine.Loaded++;
        if (engine.DrawsTokens)
            return new PositionalGenerator(engine);
        return new ScriptedGenerator(engine) { Batch = placement.Batch > 0 ? placement.Batch : 64 };
    }

    public void Dispose()
    {
    }
}

sealed class ScriptedModelWithLogits(ScriptedEngine engine, string hash) : ScriptedModel(engine, hash), INextLogits
{
    public float[] NextLogits(Precision precision, Placement placement, IReadOnlyList<int> tokens) =>
        [.. Enumerable.Range(0, 128).Select(id => id / 4f)];
}

/// <summary>A token a character; 0 ends, 1 begins, and 2 and 3 are the tags around thinking, special tokens as the first two.</summary>
sealed class CharacterText(Func<string, string>? chat, ChatTemplate? template) : IModelText
{
    public const int OpensThinking = 2, ClosesThinking = 3;

    public IReadOnlyList<int> EndTokens { get; } = [0];
    public bool HasChat => chat is not null || template is not null;
    public bool AsksForDate => template is { AsksForDate: true };
    public string? ChatSource => template?.Source;

    public ModelPrompt Prompt(string question, bool asChat, DateOnly? date = null)
    {
        string text = asChat ? Chat(question, date) : question;
        return new ModelPrompt(text, asChat ? Ids(text) : [1, .. Ids(text)]);
    }

    public string Decode(ReadOnlySpan<int> tokens, Func<string, bool> keeps) =>
        string.Concat(tokens.ToArray().Where(id => id > ClosesThinking || keeps(Written(id))).Select(Written));

    public string Written(int token) => token switch
    {
        OpensThinking => "<think>",
        ClosesThinking => "</think>",
        _ => ((char)token).ToString(),
    };

    string Chat(string question, DateOnly? date) => template is null
        ? chat!(question)
        : (date is { } day ? template.On(day) : template).Render([new ChatMessage("user", question)], addGenerationPrompt: true);

    static int[] Ids(string text) => [.. text.Select(letter => (int)letter)];
}
