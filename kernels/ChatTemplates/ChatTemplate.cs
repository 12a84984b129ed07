namespace Harness.Kernels.ChatTemplates;

public readonly record struct ChatMessage(string Role, string Content);

/// <summary>How a chat model wants its messages written.</summary>
public abstract class ChatTemplate
{
    /// <summary>The template as the model brings it; null where it has no written form.</summary>
    public virtual string? Source => null;

    /// <summary>Whether it writes the date, which must then be stated (<see cref="On"/>).</summary>
    public virtual bool AsksForDate => false;

    /// <summary>The same template on a stated date.</summary>
    public virtual ChatTemplate On(DateOnly date) => this;

    /// <summary>The text that the model is given, special tokens written out.</summary>
    public abstract string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt);
}
