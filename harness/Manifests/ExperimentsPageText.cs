namespace Harness.Manifests;

/// <summary>What docs/experiments.md says beside the tables.</summary>
static class ExperimentsPageText
{
    public static string Opening { get; } = """
        # Experiments

        All that a manifest may hold. The page is made from the program's own tables: `harness explain --experiments > docs/experiments.md`.

        An experiment is `NAME/NAME.proj`, under results/ or in any other folder, of another repository too; what it imports is found by
        whatever relative path leads there:
        ```xml
        <Project DefaultTargets="Build">
          <Import Project="../../harness/build/Experiment.props" />
          <PropertyGroup>
            <Title>What a vote buys on sums</Title>
            <Model>../base-model/model</Model>
            <Precision>w8a8</Precision>
          </PropertyGroup>
          <ItemGroup>
            <Pool Include="think" Task="sum" Prompt="think" Difficulty="5;7" Problems="100" Samples="16" Temperature="1" />
            <Strategy Include="majority-vote" Pool="think" Multipliers="1;2;4;8;16" />
          </ItemGroup>
          <Import Project="../../harness/build/Experiment.targets" />
        </Project>
        ```
        Conditions, imports, item definitions and properties of your own are MSBuild's. A name that is not listed here is an error with the
        nearest one, unless it starts with an underscore or the file reads it as `$(Name)`.

        **What is written is what is used.** MSBuild by itself turns `\d+` into `/d+` where a text looks like a path to it, and `%41` into
        `A`; here neither happens. `$(Name)` is the property's text. What MSBuild must compute (functions, item lists) may hold neither
        backslashes nor `%XX`, a reference must be to something that is set, and names of pools have no `*` or `?`: else HRN0015, at the
        attribute.

        """.ReplaceLineEndings("\n");

    public static string Gates { get; } = """
        A gate is a condition that results must meet: `Min` or `Max` or both; `MaxRegression` against `Baseline`; or `EquivalentTo` and
        `Margin`. It *passes* or *fails* where the interval says so, and else *cannot tell* and names the number of problems that would. A
        build fails where a gate fails and warns where one cannot tell, or fails there too with `Strict`, the gate's or `-p:Strict=true`;
        `harness gate` ends with status 0, 1 or 3 ([statistics.md](statistics.md#gates)). A bound or margin that no result of so many
        problems can show is HRN0020 before anything runs.
        """.ReplaceLineEndings("\n");

    public static string Training { get; } = """

        ## Models of your own
        An experiment with `Train` items makes models and has no pools: another one names what was made as its `Model`
        (`../NAME/MODEL`), and is built after it.
        ```xml
        <ItemGroup>
          <Data Include="think" Task="sum" Difficulty="3;5;7" Prompt="think" Share="3" />
          <Data Include="direct" Task="sum" Difficulty="3;5;7" Prompt="direct" />
          <Data Include="own" File="pairs.jsonl" PromptField="question" AnswerField="answer" For="large" />
          <Train Include="small" Shape="d=32;layers=2;heads=4;ffn=96" Tokens="4M" LearningRate="5e-3" />
          <Train Include="large" Shape="d=96;layers=4;heads=6;ffn=256" Tokens="16M" LearningRate="3e-3" Decay="0.4" />
        </ItemGroup>
        ```
        Models are llamas over a fixed vocabulary of 128 words (those of the generated tasks, of searching and of judging; numbers are words
        up to 99), trained in exact float32 by AdamW: the same weights, byte for byte, on every machine, at every number of threads, on a
        processor and on a GPU (`Device`, as for pools). A file that has another word is refused with its line. The build writes the
        folder of each model (in the layout of Hugging Face), training.csv (tokens with and without those that count, operations with and
        without the output head, loss, learning rate, norm of the gradients, problems seen before, hashes of the weights), validation.csv
        (the loss by data, on problems that are not learnt from), training.svg and the report.

        - A run that is killed at any moment goes on from its last state, to the same bytes, also on another device.
        - `-t:Plan` draws all batches and says tokens, operations, memory and time.
        - `-t:Verify` trains everything again and compares the bytes. `-t:Verify -p:StopAfter=20` trains the first 20 steps of the same
          schedule and compares losses and weights with the rows of training.csv up to step 20.
        - `-p:Tokens=200k`, or `-p:large-Tokens=200k` for one model, tries a shorter schedule in artifacts/.
        - `Loops="6"` trains a model that passes its layers, with the same weights, a random number of times each step: more passes are more
          operations and no more tokens. An `Evaluation` with `Loops="1;2;4"` asks it at each.
        - `Shape="d=64;layers=3;heads=4;ffn=64;experts=8;active=2"` is a mixture of experts (a mixtral): each token passes the 2 of 8
          feed-forwards with the largest router logits, none is dropped, and a tie goes to the lower expert. `BalanceLoss` weighs the
          loss that has each sequence share them; it is learnt from, and no part of any loss that is reported. Operations, and the size
          that a law takes, are those of the active experts; the report has both numbers of parameters.
        - `From="../base-model/model"` goes on from a model's weights, with its shape; `AddLayers="2"` puts layers on top that do nothing
          until they have learnt.
        - `Labels` makes reward models: the manifest's `Model` answers problems of the split train (never of test), its checker labels each
          answer (`outcome`) or each step by completions from there (`steps`), and what learns from such `Data` judges. labels.csv has what
          was drawn and what that took. An `Evaluation` of reward models has the `Model` answer and them judge: rewards.csv, verifiers.csv
          (area under the curve within problems, Brier score) and calibration.csv, beside the model's own log-probabilities and the exact
          checker of steps. Their folder has a reward.json that says where they are read; `Verifier="../NAME/MODEL"` names it in another
          experiment. `Verdict="token"` judges a step by the probability of its own last token, which the model has learnt to write and
          goes on to learn where the step is good, and unlearns where it is bad: far fewer answers teach it than a word after the step does.
          Its steps are told apart best by the lowest (`Reward="min"`), since its last one says little of those before.
          ```xml
          <Model>../base-model/model</Model>
          ...
          <Data Include="steps" Task="sum" Labels="steps" Verdict="token" Problems="20000" Samples="2" Rollouts="2" For="prm" />
          <Train Include="prm" From="../base-model/model" Tokens="12M" LearningRate="1e-3" Decay="0.9" />
          <Evaluation Include="sum" Task="sum" Problems="200" Samples="16" />
          ```
        - A loss that is not finite, or whose mean over 100 steps is above that of the first step, ends the run with the step (HRN0601,
          HRN0406); the last state is kept.
        """.ReplaceLineEndings("\n") + "\n";

    public static string Evaluations { get; } = """
        What models are asked when they are trained, in float32: evaluations.csv has a row a problem, model-accuracy.csv coverage at
        k = 1, 2, 4 and so on with intervals. Attributes of a task stand with it, above. Other strategies read pools, in an experiment
        whose `Model` is one that was made.
        """.ReplaceLineEndings("\n");

    public static string Laws { get; } = """
        A law of the losses with which models end, or of their coverage: laws.csv has its parameters with intervals (models drawn anew,
        each time with another fit) and the size and tokens of least loss for a budget, law-points.csv what it says of each model,
        entropy.csv what no model can know of the data.
        """.ReplaceLineEndings("\n");

    public static string Closing { get; } = """

        ## On the command line
        | | `dotnet build results/NAME` | `harness run results/NAME` |
        |---|---|---|
        | a property | `-p:Seed=2` | `-p Seed=2` |
        | an attribute of every pool, or of every model to train | `-p:Samples=8` | `-p Samples=8` |
        | an attribute of the pool `think`, which wins over the one for all | `-p:think-Samples=8` | `-p think.Samples=8` |
        | placement | `-p:Threads=4` | `--threads 4` |

        MSBuild takes no dot in a property's name, hence the hyphen; a dot in a pool's own name is a hyphen there too. A value that holds
        `;` is written `-p:Difficulty=3%3B5` for MSBuild. A property that nothing knows, or one without a value, is an error. A run that is
        changed in this way writes to a folder of its own under artifacts/, never to results/.

        The last column of the tables says what a change makes stale: the samples, and with them everything; the analysis, which is made
        from the committed samples; or nothing.

        ## Prompts
        `Prompt` names a template of the task, or a file in UTF-8 beside the manifest, whose last line end does not count:
        ```
        Solve the problem, and end with "Answer:" and a number.

        {question}
        ```
        | placeholder | stands for |
        |---|---|
        | `{question}` | the problem's question; every template has it |
        | `{examples:3}` | three solved problems that are not asked, a blank line between two (`{examples}` in few-shot-N, whose N counts) |
        | `{solution}` | in the template of an example: the worked solution |

        A few-shot template of one's own, `own.txt`, with the form of its examples in `own.example.txt` beside it:
        ```
        {examples:2}

        Q: {question}
        A:
        ```
        ```
        Q: {question}
        A: {solution}
        ```
        Examples of a generated task come from a stream of their own, of the split train unless all are asked; those of
        a file are its last lines, which are then not asked.

        ## Questions of your own
        `questions.jsonl`, one JSON object a line; an answer may be a string or a number, or end with the answer after `####`, what stands
        before it being the worked solution that examples show:
        ```json
        {"question": "What is 12 times 12?", "answer": "144"}
        {"question": "A train of 8 cars has 40 seats in each. How many seats?", "answer": "8 * 40 = 320\n#### 320"}
        ```
        ```xml
        <Pool Include="own" Task="jsonl" Data="questions.jsonl" Comparison="numeric" Prompt="think" Problems="2" Samples="8" />
        ```
        With `AnswerPattern="Answer:\s*(\d+)"` the answer is what the pattern's first group finds.

        ## Recorded pools
        A pool with `Recorded` is replayed from a file of samples that another program drew; the experiment needs no model:
        ```xml
        <Pool Include="cot" Task="game24" Recorded="data/game24/gpt4-cot-100x100.json" Format="tree-of-thoughts"
              FirstProblem="900" Problems="100" Samples="100" />
        <Pool Include="theirs" Recorded="runs/theirs.csv" Format="csv" ProblemField="task" CorrectField="passed"
              Problems="164" Samples="20" />
        ```
        | format | what the file holds |
        |---|---|
        | `samples` | the samples.csv of an experiment: the pool that `RecordedPool` names |
        | `csv` | a header, and a row a sample, with the fields that the pool names |
        | `jsonl` | the same, one JSON object a line |
        | `tree-of-thoughts` | a log of Tree of Thoughts: a list of problems with `idx`, the texts `ys`, and `infos[i].r` or `accs[i]` |

        Problems are told by number, the same in the file and in the task: those from `FirstProblem` on are replayed, and of each the first
        `Samples` samples. In samples.csv they are numbered from 0. Pools of one experiment are all recorded or all generated; two recorded
        pools of the same problems are compared as any two. Where they name no `Task`, the same numbers are taken to be the same problems.

        What the file says is right stays so. Where the pool names a `Task` and the file has texts, or answers, the task judges every sample
        again, and recorded.csv and the README say how often the two disagree; where the file does not say, the task decides. Without a
        `Task` the file alone is believed.

        What the file does not state (tokens, log-probabilities, operations, how a sample ended) is empty in every table, and no figure is
        drawn of it. What reads it is refused by name (HRN0310): a vote weighted by log-probabilities, any vote where there are no answers,
        a checker where there are no texts. Results are committed without texts, so that a clone without the file is up to date;
        `-t:Rebuild` and `-t:Verify` warn there, and succeed.

        ## Models and data
        They are looked for beside the manifest (for a command such as `harness generate`, where it was typed), then under the folder that
        the property `HarnessData` names, else the environment variable `HARNESS_DATA`, else data/ in the repository's root. They are
        identified by content, so that their place is no part of a result. What the committed experiments and the tests read:

        - models/SmolLM2-135M-Instruct.Q4_1.gguf: a chat model of 135 M parameters; Hugging Face, HuggingFaceTB/SmolLM2-135M-Instruct,
          as GGUF with Q4_1 matrices; Apache-2.0; sha256
          `b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53`
        - data/gsm8k/test.jsonl: GSM8K's test set, 1,319 grade-school problems (Cobbe et al. 2021); GitHub, openai/grade-school-math,
          grade_school_math/data/test.jsonl; MIT; sha256
          `3730d312f6e3440559ace48831e51066acaca737f6eabec99bccb9e4b3c39d14`
        - data/svamp/test.jsonl: SVAMP, 1,000 word problems of one step (Patel et al. 2021); GitHub, arkilpatel/SVAMP, as JSON Lines with
          `question` and `answer`; MIT; sha256
          `ffcc7f7324daa6e9718bde2763f9f49efbfcec72162d3a6fc7573d42feb61b97`
        - data/game24/24.csv and data/game24/gpt4-cot-100x100.json: 1,362 puzzles of the game of 24, and 100 answers of GPT-4 by chain of
          thought to each of the puzzles 900 to 999 (Yao et al. 2023); GitHub, princeton-nlp/tree-of-thought-llm, src/tot/data/24/24.csv
          and a log of logs/game24; MIT; sha256 `b9f12b3e36d987a3c714c4cef17d89a137d7c59da26532fcfb93b4821d8111b5` and
          `fd2850ed9f9265129d9dca1d9de306e2026bdf0e367668eb99146e64922d6824`

        ## Where files go
        Results are written beside the manifest. Everything else is in artifacts/ of the repository that the manifest lies in, the nearest
        folder above with a .git or with this program: artifacts/NAME for results/NAME, else artifacts/ and the folder's own path. An
        experiment in no repository has artifacts/ beside itself.

        """.ReplaceLineEndings("\n");
}
