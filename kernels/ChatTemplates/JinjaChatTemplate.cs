using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.ChatTemplates;

/// <summary>
/// A chat template in the part of Jinja2 that published ones use, with the variables and settings of transformers'
/// apply_chat_template. It is parsed at the first use, so that a model whose template is not understood still takes plain prompts.
/// </summary>
/// <param name="source">The template.</param>
/// <param name="specialTokens">Written forms by name, such as bos_token: variables of the template.</param>
public sealed class JinjaChatTemplate(string source, IReadOnlyDictionary<string, string> specialTokens) : ChatTemplate
{
    static readonly string[] Functions = ["raise_exception", "namespace", "range", "dict"];

    readonly Lazy<IReadOnlyList<JinjaStatement>> statements = new(() => JinjaParser.Parse(source));

    public override string Source => source;

    /// <summary>What strftime_now gives; null: it is undefined, since what a template gives must not depend on the day.</summary>
    DateOnly? Date { get; init; }

    public override bool AsksForDate => source.Contains(JinjaDate.Function, StringComparison.Ordinal);

    public override ChatTemplate On(DateOnly date) => new JinjaChatTemplate(source, specialTokens) { Date = date };

    /// <summary>
    /// Renders the template. A construct that is not implemented, and messages that the template itself refuses, are errors
    /// (<see cref="KernelCodes.ChatTemplateUnsupported"/>), and so is a call of strftime_now without a date
    /// (<see cref="KernelCodes.DateNotStated"/>).
    /// </summary>
    public override string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        var globals = new JinjaScope(null);
        foreach (string function in Functions)
            globals.Set(function, new JinjaFunction(function));
        if (Date is { } date)
            globals.Set(JinjaDate.Function, new JinjaDate(date));
        foreach ((string name, string word) in specialTokens)
            globals.Set(name, word);
        globals.Set("messages", messages.Select(object? (message) => new Dictionary<string, object?>
        {
            ["role"] = message.Role,
            ["content"] = message.Content,
        }).ToList());
        globals.Set("tools", null);
        globals.Set("documents", null);
        globals.Set("add_generation_prompt", addGenerationPrompt);
        return new JinjaRenderer().Render(statements.Value, globals);
    }
}
