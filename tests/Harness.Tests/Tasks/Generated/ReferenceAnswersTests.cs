using System.Text.Json;
using Harness.Registry;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tasks.Prompts;
using Harness.Tests.Shared;

namespace Harness.Tests.Tasks.Generated;

/// <summary>The checkers against answers that another program generated and judged.</summary>
public class ReferenceAnswersTests
{
    const int EndOfText = 0;

    [Test]
    public void checkers_judge_every_recorded_greedy_answer_as_recorded()
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(Repository.Data("models/tiny/reference.json")));
        string[] words = Words(Repository.Data("models/tiny/tokenizer.json"));
        Dictionary<string, ITask> tasks = new[] { "sum", "countdown" }
            .ToDictionary(name => name, name => TaskRegistry.Find(name).Create(new TaskSettings { Seed = 1, Problems = 1 }));
        int judged = 0;
        foreach (JsonElement set in reference.RootElement.GetProperty("sets").EnumerateArray())
        {
            ITask task = tasks[set.GetProperty("task").GetString()!];
            foreach (JsonElement recorded in set.GetProperty("problems").EnumerateArray())
            {
                string prompt = recorded.GetProperty("prompt").GetString()!;
                Problem problem = new()
                {
                    Index = 0,
                    Difficulty = set.GetProperty("n").GetInt32(),
                    Question = prompt[..prompt.LastIndexOf(' ')],
                    Answer = recorded.GetProperty("answer").GetRawText(),
                };
                string text = string.Join(' ', recorded.GetProperty("greedy_ids").EnumerateArray()
                    .Select(id => id.GetInt32()).Where(id => id != EndOfText).Select(id => words[id]));
                bool correct = task.IsCorrect(problem, task.ExtractAnswer(problem, new GeneratedText(text)));
                Assert.That(correct, Is.EqualTo(recorded.GetProperty("greedy_correct").GetBoolean()), $"{prompt}: {text}");
                judged++;
            }
        }
        Assert.That(judged, Is.GreaterThanOrEqualTo(1100));
    }

    [TestCase("think")]
    [TestCase("direct")]
    public void generated_prompts_have_the_form_of_the_recorded_ones(string style)
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(Repository.Data("models/tiny/reference.json")));
        foreach (JsonElement set in reference.RootElement.GetProperty("sets").EnumerateArray())
        {
            if (set.GetProperty("style").GetString() != style)
                continue;
            string name = set.GetProperty("task").GetString()!;
            TaskSettings settings = new() { Seed = 1, Problems = 3, Difficulties = [set.GetProperty("n").GetInt32()] };
            ITask task = TaskRegistry.Find(name).Create(settings);
            IEnumerable<string> prompts = PromptTemplate.Load(name, style, null).Render(task);
            string recorded = set.GetProperty("problems")[0].GetProperty("prompt").GetString()!;
            Assert.That(prompts.Select(Form), Is.All.EqualTo(Form(recorded)));
        }
    }

    static string Form(string prompt) =>
        string.Join(' ', prompt.Split(' ').Select(word => int.TryParse(word, out _) ? "9" : word == "-" ? "+" : word));

    static string[] Words(string tokenizer)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(tokenizer));
        string[] words = new string[128];
        Array.Fill(words, "");
        foreach (JsonProperty word in document.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject())
            words[word.Value.GetInt32()] = word.Name;
        return words;
    }
}
