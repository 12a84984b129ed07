using Harness.Engines;
using Harness.Experiments;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Diagnostics;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Pools;

/// <summary>The date that a pool states, in its prompts and in its report.</summary>
[TestFixture]
sealed class PlannedDateTests
{
    const string Today = "{{ strftime_now('%d %b %Y') }}: {{ messages[0].content }}";

    [Test]
    public void The_chat_template_writes_the_pools_date()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("Prompt=\"direct\"", "Prompt=\"direct\" Date=\"2024-07-26\""));
        ScriptedEngine host = new() { ChatTemplate = Template(Today) };
        using IEngineModel model = host.Open(scratch.Result("model.bin"));
        ExperimentPlan plan = ExperimentPlan.Create(scratch.Resolve(host), model);
        Assert.That(plan.Pools[0].Prompts.Select(prompt => prompt.Text), Has.All.StartsWith("26 Jul 2024: sum "));
        scratch.Run(host);
        Assert.That(File.ReadAllText(scratch.Result("README.md")), Does.Contain("through the model's chat template of 2024-07-26"));
    }

    [TestCase("", Today, 212, "strftime_now")]
    [TestCase(" Date=\"2024-07-26\"", "{{ messages[0].content }}", 7, "writes no date")]
    public void A_date_that_is_missing_and_one_that_nothing_writes_are_refused(string date, string template, int code, string message)
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("Prompt=\"direct\"", $"Prompt=\"direct\"{date}"));
        HarnessException error =
            Assert.Throws<HarnessException>(() => scratch.Run(new ScriptedEngine { ChatTemplate = Template(template) }))!;
        Assert.That(error.ToCanonicalLine(), Does.StartWith($"{scratch.Project}(8,").And.Contain($"error HRN{code:0000}"));
        Assert.That(error.ToCanonicalLine(), Does.Contain(message));
    }

    static JinjaChatTemplate Template(string source) => new(source, new Dictionary<string, string>());
}
