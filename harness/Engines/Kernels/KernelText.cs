using System.Text;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Tokenizers;

namespace Harness.Engines.Kernels;

/// <summary>A checkpoint's tokenizer and chat template.</summary>
sealed class KernelText(Tokenizer tokenizer, ChatTemplate? template) : IModelText
{
    public IReadOnlyList<int> EndTokens => tokenizer.EndTokens;

    public bool HasChat => template is not null;

    public bool AsksForDate => template is { AsksForDate: true };

    public string? ChatSource => template?.Source;

    public ModelPrompt Prompt(string question, bool chat, DateOnly? date = null)
    {
        if (!chat)
            return new ModelPrompt(question, tokenizer.EncodePrompt(question));
        ChatTemplate form = template ?? throw new InvalidOperationException("a chat was asked of a model without a chat template");
        if (date is { } day)
            form = form.On(day);
        string text = form.Render([new ChatMessage("user", question)], addGenerationPrompt: true);
        return new ModelPrompt(text, tokenizer.Encode(text));
    }

    public string Decode(ReadOnlySpan<int> tokens, Func<string, bool> keeps) => tokenizer.Decode(tokens, keeps);

    public string Written(int token) =>
        token < tokenizer.VocabularySize ? Encoding.UTF8.GetString(tokenizer.TokenBytes(token)) : $"<{token}>";
}
