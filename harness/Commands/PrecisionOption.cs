using System.CommandLine;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Commands;

/// <summary>--precision, by the names that manifests and results use: f32, w8a8, bf16.</summary>
sealed class PrecisionOption
{
    static readonly string[] Names = [.. Enum.GetValues<Precision>().Select(ExperimentKey.PrecisionName)];

    readonly Option<string> option;

    public PrecisionOption(string description, Precision standard)
    {
        option = new Option<string>("--precision")
        {
            Description = description,
            HelpName = string.Join('|', Names),
            DefaultValueFactory = _ => ExperimentKey.PrecisionName(standard),
        };
        option.CompletionSources.Add(Names);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }, ..] && !Names.Contains(given, StringComparer.OrdinalIgnoreCase))
                result.AddError($"--precision is '{given}'; expected one of {string.Join(", ", Names)}{NearestName.Hint(given, Names)}");
        });
    }

    public void AddTo(Command command) => command.Options.Add(option);

    public Precision ValueIn(ParseResult parsed) => Enum.Parse<Precision>(parsed.GetRequiredValue(option), ignoreCase: true);
}
