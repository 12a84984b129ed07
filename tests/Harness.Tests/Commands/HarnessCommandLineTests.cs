using System.CommandLine;
using Harness.Commands;
using Harness.Kernels.Diagnostics;

namespace Harness.Tests.Commands;

[TestFixture]
[NonParallelizable]
sealed class HarnessCommandLineTests
{
    [Test]
    public void Every_command_has_help()
    {
        foreach (Command command in HarnessCommandLine.CreateRoot().Subcommands)
        {
            (int status, string output, _) = Invoke(command.Name, "--help");
            Assert.That(status, Is.Zero, command.Name);
            Assert.That(output, Does.Contain(command.Description!));
        }
    }

    [TestCase("explain", "HRN0007"), TestCase("explain", "7"), TestCase("explain", "hrn0007")]
    public void A_code_is_explained(params string[] arguments)
    {
        (int status, string output, _) = Invoke(arguments);
        Assert.That((status, output), Is.EqualTo((0, $"HRN0007: {Codes.BadValue.Title}\ncause: {Codes.BadValue.Cause}\ncure: {Codes.BadValue.Cure}\n".ReplaceLineEndings())));
    }

    [TestCase("explain", "HRN9999"), TestCase("runn"), TestCase("run"), TestCase("run", "--bogus"), TestCase("run", "x", "--bogus"), TestCase("generate", "m"), TestCase("list", "things")]
    [TestCase("generate", "m", "--prompt", "x", "--top-p", "2"), TestCase("generate", "m", "--prompt", "x", "-n", "0"), TestCase("verify", "m.json", "--sample", "a lot")]
    public void A_wrong_command_line_is_one_line_and_status_2(params string[] arguments)
    {
        (int status, _, string error) = Invoke(arguments);
        Assert.That(status, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("harness: error HRN0405: "));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_absent_experiment_has_its_code()
    {
        (int status, _, string error) = Invoke("run", "no/such/experiment");
        Assert.That((status, error), Is.EqualTo((2, error)));
        Assert.That(error, Does.StartWith("harness: error HRN0013: "));
    }

    [TestCase("tasks", "gsm8k"), TestCase("strategies", "majority-vote")]
    public void Registered_names_are_listed(string kind, string name)
    {
        Assert.That(Invoke("list", kind).Output, Does.Contain(name));
        Assert.That(System.Text.Json.JsonDocument.Parse(Invoke("list", kind, "--json").Output).RootElement.EnumerateArray()
            .Select(entry => entry.GetProperty("name").GetString()), Does.Contain(name));
    }

    [Test]
    public void The_doctor_names_instruction_sets_and_packages()
    {
        (int status, string output, _) = Invoke("doctor");
        Assert.That(status, Is.Zero);
        Assert.That(output, Does.Contain("instruction sets: portable").And.Contains("package CsvHelper: 34").And.Contains("renderer: "));
    }

    static (int Status, string Output, string Error) Invoke(params string[] arguments)
    {
        TextWriter console = Console.Out;
        using StringWriter output = new(), error = new();
        Console.SetOut(output);
        try
        {
            int status = HarnessCommandLine.Invoke(arguments, error);
            return (status, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(console);
        }
    }
}
