using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Tasks.Prompts;

/// <summary>
/// How a task's question is put to the model. A pool's Prompt names a template that is built in (think, direct, few-shot-3) or a file,
/// relative to the manifest's folder. <c>{question}</c> becomes the problem's question; <c>{examples:3}</c> becomes three solved problems
/// that are not asked, a blank line between two, each written as the task's few-shot.example.txt has it, or NAME.example.txt beside a file
/// NAME.txt.
/// </summary>
public sealed class PromptTemplate
{
    public const int MostExamples = 64;
    internal const string Examples = "examples";

    const string Question = "question";
    const string Solution = "solution";
    const string FewShot = "few-shot";
    const string ExampleOfFewShot = "few-shot.example";

    readonly PromptText prompt;
    readonly PromptText? example;

    PromptTemplate(PromptSource promptSource, PromptSource exampleSource, int? examples)
    {
        prompt = new PromptText(promptSource.Text, promptSource.Origin, [Question, Examples]);
        prompt.Require(Question);
        string content = Text = promptSource.Text;
        if (prompt.Holds(Examples))
        {
            Shots = examples ?? prompt.CountOf(Examples);
            if (Shots == 0)
                throw Codes.PromptTemplateBad.With("{examples} lacks its count: write {examples:3} for three", promptSource.Origin);
            example = new PromptText(exampleSource.Text, exampleSource.Origin, [Question, Solution]);
            example.Require(Question);
            example.Require(Solution);
            content = $"{content}\0{exampleSource.Text}\0{Shots.ToString(CultureInfo.InvariantCulture)}";
        }
        ContentHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }

    /// <summary>The template as it was written, with its placeholders.</summary>
    public string Text { get; }

    /// <summary>Solved problems that each prompt shows.</summary>
    public int Shots { get; }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal digits, of all that the template adds to a prompt. It is a part of the experiment's key.
    /// </summary>
    public string ContentHash { get; }

    /// <param name="task">A registered task's name.</param>
    /// <param name="name">The pool's Prompt.</param>
    /// <param name="manifestFolder">Where a relative path starts; with null only rooted paths and built-in names are found.</param>
    /// <exception cref="HarnessException">HRN0304: neither a template nor a file; HRN0308: a wrong placeholder, or one missing.</exception>
    public static PromptTemplate Load(string task, string name, string? manifestFolder)
    {
        PromptSource example = PromptSource.BuiltIn(task, ExampleOfFewShot);
        if (name.StartsWith($"{FewShot}-", StringComparison.Ordinal) && ExampleCount(name[(FewShot.Length + 1)..]) is { } count)
            return new PromptTemplate(PromptSource.BuiltIn(task, FewShot), example, count);
        if (name is not (FewShot or ExampleOfFewShot) && PromptSource.BuiltInNames(task).Contains(name))
            return new PromptTemplate(PromptSource.BuiltIn(task, name), example, null);
        string? path = manifestFolder is null && !Path.IsPathRooted(name) ? null : Path.Combine(manifestFolder ?? "", name);
        if (!File.Exists(path))
        {
            throw Codes.PromptNotFound.With(
                $"Prompt '{name}' is neither a template of {task} ({string.Join(", ", NamesFor(task))}) nor a file{NearHint(task, name)}");
        }
        string ownExample = Path.ChangeExtension(path, ".example.txt");
        return new PromptTemplate(PromptSource.File(path), File.Exists(ownExample) ? PromptSource.File(ownExample) : example, null);
    }

    /// <summary>The prompt of each of the task's problems, in their order.</summary>
    /// <exception cref="HarnessException">HRN0303: the task has too few problems left to show.</exception>
    public IReadOnlyList<string> Render(ITask task)
    {
        string examples = Shots == 0 ? "" : RenderExamples(task);
        return [.. task.Problems.Select(problem => prompt.Fill(new Dictionary<string, string>
        {
            [Question] = problem.Question,
            [Examples] = examples,
        }))];
    }

    /// <summary>The prompt of one question, of a template that shows no solved problems.</summary>
    public string Fill(string question) => prompt.Fill(new Dictionary<string, string> { [Question] = question });

    /// <summary>Names of a task's templates, in ordinal order; few-shot-N stands for any count of examples.</summary>
    public static IReadOnlyList<string> NamesFor(string task) =>
        [.. PromptSource.BuiltInNames(task).Where(name => name != ExampleOfFewShot)
            .Select(name => name == FewShot ? $"{FewShot}-N" : name)];

    /// <summary>The text of a built-in template, as <see cref="NamesFor"/> names it.</summary>
    internal static string TextOf(string task, string name) => PromptSource.BuiltIn(task, name == $"{FewShot}-N" ? FewShot : name).Text;

    /// <summary>A count of examples, null where the digits are none in 1..<see cref="MostExamples"/>.</summary>
    internal static int? ExampleCount(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostExamples
            ? count
            : null;

    string RenderExamples(ITask task)
    {
        if (task is not IWorkedExamples source)
            throw new InvalidOperationException($"{task.GetType()} has no worked examples for {Shots} shots");
        return string.Join("\n\n", source.Examples(Shots).Select(shown => example!.Fill(new Dictionary<string, string>
        {
            [Question] = shown.Question,
            [Solution] = shown.Solution,
        })));
    }

    static string NearHint(string task, string name) =>
        name.StartsWith(FewShot, StringComparison.Ordinal) ? $"; few-shot-N has N in 1..{MostExamples}"
        : NearestName.Find(name, NamesFor(task)) is { } near ? $"; did you mean '{near}'?"
        : "";
}
