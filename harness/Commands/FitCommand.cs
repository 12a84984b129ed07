using System.CommandLine;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;
using Harness.Registry;
using Harness.Statistics.Laws;

namespace Harness.Commands;

/// <summary>harness fit: scaling laws of the points in a CSV file.</summary>
sealed class FitCommand
{
    readonly Argument<string> file = new("file") { Description = "CSV with a header; a row is a point." };

    readonly Option<string[]> laws = new("--law")
    {
        Description = "A law by name (`harness list laws`); several are compared by what they predict of held-out points.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string[]> columns = new("--column")
    {
        Description = "Where the law's column has another name in the file, such as --column compute=flops.",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<int?> lowest = new("--lowest") { Description = "Fit only the N points whose output is lowest." };

    readonly Option<int> resamples = new("--resamples")
    {
        Description = "Bootstrap refits behind each interval; 0 for none.",
        DefaultValueFactory = _ => LawBootstrap.DefaultResamples,
    };

    readonly Option<double> heldOut = new("--held-out")
    {
        Description = "The share of points, those of the largest budgets, that another fit must predict.",
        DefaultValueFactory = _ => HeldOutError.DefaultShare,
    };

    readonly BudgetOptions budget = new();
    readonly Option<ulong> seed = new("--seed") { Description = "Of the resamples.", DefaultValueFactory = _ => 1 };
    readonly Option<bool> json = new("--json") { Description = "As JSON." };

    public static Command Create()
    {
        FitCommand options = new();
        Command command = new("fit", "Fit scaling laws to the points of a CSV file, with intervals and held-out errors.")
        {
            options.file, options.laws, options.columns, options.lowest, options.resamples, options.heldOut, options.seed, options.json,
        };
        options.budget.AddTo(command);
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        string[] names = parsed.GetRequiredValue(laws);
        ILaw[] asked = [.. names.Select(Find).Distinct()];
        if (parsed.GetValue(resamples) < 0 || parsed.GetValue(heldOut) is not (>= 0 and < 1))
            throw Codes.UsageError.With("--resamples is 0 or more, and --held-out from 0 to below 1; see `harness fit --help`");
        EndToEndBudget? asking = budget.Of(parsed, asked);
        NumberColumns table = new(parsed.GetRequiredValue(file));
        LawColumns from = new(table, parsed.GetValue(columns) ?? [], asked);
        string[] predicted = [.. asked.Select(law => from.NameOf(law.Output)).Distinct()];
        if (predicted.Length > 1)
            throw Codes.UsageError.With($"the laws predict different columns, {string.Join(" and ", predicted)}, and can't be compared: "
                + $"fit them one by one, or say with --column {asked[^1].Output}={predicted[0]} that these are one");
        FittedLaw[] fitted = [.. asked.Select(law => Fit(law, from, asking, parsed))];
        int chosen = LawChoice.Of([.. fitted.Select(fit => (fit.Law, fit.HeldOut))]);
        if (parsed.GetValue(json))
            Console.WriteLine(JsonStyle.Write(fitted.Select((fit, place) => fit.ToJson(fitted.Length > 1 && place == chosen))));
        else
            Print(fitted, chosen);
        return ExitCodes.Success;
    }

    static ILaw Find(string name) => LawRegistry.All.FirstOrDefault(law => law.Name == name)
        ?? throw Codes.UsageError.With($"no law is called '{name}'{NearestName.Hint(name, LawRegistry.All.Select(law => law.Name))}");

    FittedLaw Fit(ILaw named, LawColumns from, EndToEndBudget? asking, ParseResult parsed)
    {
        (LawData all, string? note) = from.Of(named);
        LawData data = all;
        if (parsed.GetValue(lowest) is { } wanted)
        {
            if (wanted < 1 || wanted > all.Points)
                throw Codes.UsageError.With($"--lowest is from 1 to {all.Points}, the points of the file");
            data = all.At([.. Enumerable.Range(0, all.Points).OrderBy(i => all.Outputs[i]).Take(wanted).Order()]);
        }
        ILaw law = named.Over(data);
        LawFit fit = law.Fit(data);
        ulong drawn = parsed.GetValue(seed);
        LawBootstrap bootstrap = LawBootstrap.Of(law, data, fit, drawn, parsed.GetValue(resamples));
        HeldOutError error = HeldOutError.Of(law, data, drawn, parsed.GetValue(heldOut));
        return new FittedLaw(law, fit with { Dropped = fit.Dropped + all.Points - data.Points }, bootstrap, error, note)
        {
            Residuals = [.. Enumerable.Range(0, data.Points).Select(i => law.Predict(fit.Parameters, data.InputsOf(i)) - data.Outputs[i])],
            Split = law is TrainToTestLaw && fit.IsDefined && asking is { } operations ? LawSplit.Of(fit, data, operations) : null,
        };
    }

    static void Print(FittedLaw[] fitted, int chosen)
    {
        foreach (FittedLaw fit in fitted)
        {
            foreach (string line in fit.Lines())
                Console.WriteLine(line);
            Console.WriteLine();
        }
        if (fitted.Length > 1)
            Console.WriteLine(chosen < 0
                ? "No law has a held-out error to choose by."
                : $"{fitted[chosen].Law.Name} is the simplest law whose held-out error is within one standard error of the least.");
    }
}
