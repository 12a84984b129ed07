using System.CommandLine;
using Harness.Diagnostics;
using Harness.Records;
using Harness.Tasks.Answers;
using Harness.Tasks.Files;

namespace Harness.Commands;

/// <summary>harness answers: what is read from texts, and whether it is right.</summary>
sealed class AnswersCommand
{
    readonly Argument<string> file = new("file")
    {
        Description = "JSON Lines with text and answer, and where they apply comparison, cut and choices; - reads standard input.",
    };

    readonly Option<string> task = new("--task") { Description = "gsm8k (numbers) or jsonl.", DefaultValueFactory = _ => "jsonl" };
    readonly Option<string?> comparison = new("--comparison")
    {
        Description = "numeric, choice or exact (the default), where a line doesn't say.",
    };

    readonly Option<string?> pattern = new("--pattern") { Description = "A regular expression that finds the answer, as AnswerPattern." };
    readonly Option<string?> point = new("--decimal") { Description = "What separates decimals: . (the default) or , for 1.234,5." };
    readonly Option<bool> json = new("--json") { Description = "A line of JSON for each text." };

    public static Command Create()
    {
        AnswersCommand options = new();
        Command command = new("answers", "Show which answers are read from texts, and whether they are right.")
        {
            options.file, options.task, options.comparison, options.pattern, options.point, options.json,
        };
        options.task.AcceptOnlyFromAmong("gsm8k", "jsonl");
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        bool numbers = parsed.GetRequiredValue(task) == "gsm8k";
        if (numbers && (parsed.GetValue(comparison) ?? parsed.GetValue(pattern) ?? parsed.GetValue(point)) is not null)
            throw Codes.UsageError.With("--comparison, --pattern and --decimal belong to --task jsonl; see `harness answers --help`");
        AnswerPattern? own = parsed.GetValue(pattern) is { } written ? new AnswerPattern(written) : null;
        char separator = AnswerOptions.Point(parsed.GetValue(point));
        AnswerComparison kind = numbers ? AnswerComparison.Numeric : AnswerOptions.Comparison(parsed.GetValue(comparison));
        string path = parsed.GetRequiredValue(file);
        List<TextLine> lines = new TextFile(kind, separator, own).Read(Bytes(path), path == "-" ? "(standard input)" : path);
        ChoiceLabels labels = new(lines.Where(line => line.Gold.Comparison == AnswerComparison.Choice).Select(line => line.Answer));
        int right = 0, none = 0;
        foreach (TextLine line in lines)
        {
            AnswerReader reader = new() { Pattern = own, Point = separator, Labels = line.Labels ?? labels };
            string? extracted = reader.Extract(line.Text, line.Gold);
            bool correct = AnswerReader.IsCorrect(extracted, line.Gold);
            right += correct ? 1 : 0;
            none += extracted is null ? 1 : 0;
            Console.WriteLine(parsed.GetValue(json)
                ? JsonStyle.WriteLine(new { line.Line, Extracted = extracted, Correct = correct })
                : Sentence(line, extracted, correct));
        }
        if (!parsed.GetValue(json))
            Console.WriteLine($"{right} of {lines.Count} right, {none} without an answer");
        return ExitCodes.Success;
    }

    static string Sentence(TextLine line, string? extracted, bool correct)
    {
        string read = extracted is null ? "no answer" : $"'{extracted}'";
        return $"line {line.Line}: {read}, {(correct ? "right" : $"wrong: the answer is '{line.Gold.Text}'")}";
    }

    static byte[] Bytes(string path)
    {
        try
        {
            if (path != "-")
                return File.ReadAllBytes(path);
            using Stream input = Console.OpenStandardInput();
            using MemoryStream bytes = new();
            input.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Codes.DataNotFound.With($"can't be read: {exception.Message}", path, inner: exception);
        }
    }
}
