using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Prompts;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Composes prompts of their parts. Sends nothing.</summary>
[Cmdlet(VerbsCommon.New, "AIImagePrompt")]
[OutputType(typeof(Prompt))]
public sealed class NewAIImagePromptCommand : PSCmdlet
{
    private static Column[] Columns => [.. new[] { nameof(Subject), nameof(Style), nameof(Composition), nameof(Lighting), nameof(Atmosphere), nameof(NegativePrompt) }.Select(Column.Verbatim)];

    private readonly RowReader _reader = new(Columns, Words.Of("rows with a Subject column (Import-Csv) or texts"));

    /// <summary>What is seen.</summary>
    [Parameter(Position = 0)]
    [TextOnly]
    public string? Subject { get; set; }

    /// <summary>How it is made: photograph, watercolour, line drawing.</summary>
    [Parameter]
    public string? Style { get; set; }

    /// <summary>From where it is seen, and what stands where.</summary>
    [Parameter]
    public string? Composition { get; set; }

    /// <summary>Where the light comes from, and of what kind it is.</summary>
    [Parameter]
    public string? Lighting { get; set; }

    /// <summary>The mood.</summary>
    [Parameter]
    public string? Atmosphere { get; set; }

    /// <summary>What the picture must not show.</summary>
    [Parameter]
    public string? NegativePrompt { get; set; }

    /// <summary>Rows with these as columns, or texts, each a subject. Other columns go along.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            RowValues row = InputObject is null ? RowValues.None : _reader.Read(InputObject);
            if (row.IsPicture)
                throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("A picture is no part of a prompt."), Words.Of("Pipe texts, or rows with a Subject column."));
            string? Pick(string name, string? typed) => MyInvocation.BoundParameters.ContainsKey(name) ? typed : row.Values.GetValueOrDefault(name) as string;
            Prompt prompt = PromptComposer.Compose(new PromptParts
            {
                Subject = row.Text ?? Pick(nameof(Subject), Subject),
                Style = Pick(nameof(Style), Style),
                Composition = Pick(nameof(Composition), Composition),
                Lighting = Pick(nameof(Lighting), Lighting),
                Atmosphere = Pick(nameof(Atmosphere), Atmosphere),
            }, Pick(nameof(NegativePrompt), NegativePrompt));

            // Size, Name and whatever else the row says is for the command that comes next.
            PSObject output = new(prompt);
            foreach (string name in row.Unknown.Where(n => output.Properties[n] is null))
                output.Properties.Add(new PSNoteProperty(name, Cell(InputObject!, name)));
            WriteObject(output);
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, InputObject));
        }
    }

    private static object? Cell(object row, string name) =>
        (row is PSObject wrapped ? wrapped.BaseObject : row) is System.Collections.IDictionary table ? table[name] : PSObject.AsPSObject(row).Properties[name]?.Value;
}
