using System.Globalization;
using System.Text;

namespace Harness.Kernels.ChatTemplates;

/// <summary>strftime_now as transformers defines it for templates: Python's strftime in the C locale, on a stated date.</summary>
sealed record JinjaDate(DateOnly Date)
{
    public const string Function = "strftime_now";

    static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    public string Format(JinjaValueArguments arguments, JinjaBudget budget)
    {
        arguments.AtMost(1, Function, budget);
        string format = arguments.Text(0, Function, budget);
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }
            bool isBare = i + 1 < format.Length && format[i + 1] == '-';
            i += isBare ? 2 : 1;
            char directive = i < format.Length ? format[i] : ' ';
            string value = Value(directive) ?? throw budget.Unsupported(
                $"%{(isBare ? "-" : "")}{directive} in {Function} is not implemented: it has a date and no time");
            text.Append(isBare ? value.TrimStart('0') : value);
        }
        budget.Spend(text.Length);
        return text.ToString();
    }

    string? Value(char directive) => directive switch
    {
        'd' => Number(Date.Day, 2),
        'm' => Number(Date.Month, 2),
        'Y' => Number(Date.Year, 4),
        'y' => Number(Date.Year % 100, 2),
        'j' => Number(Date.DayOfYear, 3),
        'B' => Months[Date.Month - 1],
        'b' or 'h' => Months[Date.Month - 1][..3],
        'A' => Days[(int)Date.DayOfWeek],
        'a' => Days[(int)Date.DayOfWeek][..3],
        'F' => $"{Value('Y')}-{Value('m')}-{Value('d')}",
        '%' => "%",
        _ => null,
    };

    static string Number(int value, int digits) => value.ToString($"D{digits}", CultureInfo.InvariantCulture);
}
