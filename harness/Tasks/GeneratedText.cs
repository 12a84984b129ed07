namespace Harness.Tasks;

/// <summary>What a model wrote, with what a reader must know to find the answer in it.</summary>
/// <param name="Text">The generated text without its end token.</param>
public sealed record GeneratedText(string Text)
{
    /// <summary>Whether it ended because no more tokens were allowed: then only an answer that is marked as one counts.</summary>
    public bool CutOff { get; init; }

    /// <summary>The tags around thinking that the model knows.</summary>
    public ThinkTags Thinking { get; init; } = ThinkTags.Common;

    /// <summary>Whether the prompt ended inside of thinking (<see cref="ThinkTags.LeavesOpen"/>).</summary>
    public bool BeginsInThinking { get; init; }

    /// <summary>
    /// The text outside of thinking: what follows the last closing tag, or, where nothing follows it, what stands outside of the blocks
    /// before it. Thinking that is never closed leaves only what stood before it.
    /// </summary>
    public string OutsideThinking => Thinking.Outside(Text, BeginsInThinking);
}
