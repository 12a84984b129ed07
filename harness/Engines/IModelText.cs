namespace Harness.Engines;

/// <summary>
/// How a model reads and writes text. Tokens are what it counts and draws; an engine without a tokenizer numbers the pieces of its
/// texts as it likes.
/// </summary>
public interface IModelText
{
    /// <summary>Tokens that end an answer.</summary>
    IReadOnlyList<int> EndTokens { get; }

    /// <summary>Whether the model has a form of its own for chats.</summary>
    bool HasChat { get; }

    /// <summary>Whether that form writes the day's date, which must then be stated.</summary>
    bool AsksForDate { get; }

    /// <summary>The source of its chat template, which may name tags around thinking; null where there is none to read.</summary>
    string? ChatSource { get; }

    /// <summary>A question as the model is given it.</summary>
    /// <param name="question">A filled prompt template.</param>
    /// <param name="chat">As the user's message of a chat, where <see cref="HasChat"/> holds; else as plain text to go on from.</param>
    /// <param name="date">What the chat's form takes for the day's date; null where none is stated.</param>
    ModelPrompt Prompt(string question, bool chat, DateOnly? date = null);

    /// <summary>What a person reads of an answer's tokens: special tokens are left out but for those that are to be kept.</summary>
    /// <param name="keeps">Whether a special token stays in the text, by what it is written as.</param>
    string Decode(ReadOnlySpan<int> tokens, Func<string, bool> keeps);

    /// <summary>One token as it is written, special ones too; an id without a word as its number in angle brackets.</summary>
    string Written(int token);
}
