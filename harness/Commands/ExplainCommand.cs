using System.CommandLine;
using Harness.Experiments;
using Harness.Kernels.Diagnostics;

namespace Harness.Commands;

/// <summary>harness explain: cause and cure of a code.</summary>
static class ExplainCommand
{
    public static Command Create()
    {
        Argument<string> code = new("code") { Description = "Such as HRN0007." };
        Command command = new("explain", "Explain a diagnostic's code.") { code };
        command.SetAction(parsed =>
        {
            string asked = parsed.GetRequiredValue(code);
            string name = int.TryParse(asked, out int number) ? $"HRN{number:0000}" : asked;
            if (!Codes.All.TryGetValue(name, out Diagnostic? diagnostic))
                throw Codes.UsageError.With($"'{asked}' is not a code{NearestName.Hint(name, Codes.All.Keys.Order(StringComparer.Ordinal))}");
            Console.WriteLine($"{diagnostic.Code}: {diagnostic.Title}\ncause: {diagnostic.Cause}\ncure: {diagnostic.Cure}");
            return ExitCodes.Success;
        });
        return command;
    }
}
