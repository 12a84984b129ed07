namespace Harness.Kernels.ChatTemplates;

public readonly record struct ChatMessage(string Role, string Content);

/// <summary>How a chat model wants its messages written.</summary>
public abstract class ChatTemplate
{
    /// <summary>The template as the model brings it; null where it has no written form.</summary>
    public virtual string? Source => null;

    /// <summary>The text that the model is given, special tokens written out.</summary>
    public abstract string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt);
}
