using System.CommandLine;
using System.CommandLine.Completions;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;

namespace Harness.Commands;

/// <summary>harness explain: cause and cure of a code.</summary>
static class ExplainCommand
{
    public static Command Create()
    {
        Argument<string?> code = new("code") { Description = "Such as HRN0007; none explains all.", Arity = ArgumentArity.ZeroOrOne };
        code.CompletionSources.Add(_ => DiagnosticsPage.All.Keys.Order(StringComparer.Ordinal).Select(name => new CompletionItem(name)));
        Option<bool> markdown = new("--markdown") { Description = "All codes as the page docs/diagnostics.md." };
        Option<bool> experiments = new("--experiments") { Description = "All that a manifest may hold, as the page docs/experiments.md." };
        Command command = new("explain", "Explain a diagnostic's code, or what a manifest may hold.") { code, markdown, experiments };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(experiments))
            {
                Console.Write(ExperimentsPage.Markdown(Registered.All));
                return ExitCodes.Success;
            }
            if (parsed.GetValue(code) is not { } asked || parsed.GetValue(markdown))
            {
                Console.Write(DiagnosticsPage.Markdown());
                return ExitCodes.Success;
            }
            string name = int.TryParse(asked, out int number) ? $"HRN{number:0000}" : asked;
            if (!DiagnosticsPage.All.TryGetValue(name, out Diagnostic? diagnostic))
            {
                string hint = NearestName.Hint(name, DiagnosticsPage.All.Keys.Order(StringComparer.Ordinal));
                throw Codes.UsageError.With($"'{asked}' is not a code{hint}");
            }
            Console.WriteLine($"{diagnostic.Code}: {diagnostic.Title}\ncause: {diagnostic.Cause}\ncure: {diagnostic.Cure}");
            return ExitCodes.Success;
        });
        return command;
    }
}
