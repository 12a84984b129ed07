using System.CommandLine;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Commands;

/// <summary>harness explain: cause and cure of a code.</summary>
static class ExplainCommand
{
    public static Command Create()
    {
        Argument<string?> code = new("code") { Description = "Such as HRN0007; none explains all.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> markdown = new("--markdown") { Description = "All codes as the page docs/diagnostics.md." };
        Command command = new("explain", "Explain a diagnostic's code.") { code, markdown };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(code) is not { } asked || parsed.GetValue(markdown))
            {
                Console.Write(DiagnosticsPage.Markdown());
                return ExitCodes.Success;
            }
            string name = int.TryParse(asked, out int number) ? $"HRN{number:0000}" : asked;
            if (!DiagnosticsPage.All.TryGetValue(name, out Diagnostic? diagnostic))
                throw Codes.UsageError.With(
                    $"'{asked}' is not a code{NearestName.Hint(name, DiagnosticsPage.All.Keys.Order(StringComparer.Ordinal))}");
            Console.WriteLine($"{diagnostic.Code}: {diagnostic.Title}\ncause: {diagnostic.Cause}\ncure: {diagnostic.Cure}");
            return ExitCodes.Success;
        });
        return command;
    }
}
