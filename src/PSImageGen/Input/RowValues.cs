using System.Collections;
using System.Management.Automation;
using PSImageGen.Core;

namespace PSImageGen.Input;

/// <summary>What one input object gives: values by parameter name, pictures, or a plain text.</summary>
internal sealed class RowValues
{
    /// <summary>An input that gives nothing: everything comes from the command line.</summary>
    public static RowValues None { get; } = new();

    /// <summary>Values of the right type by parameter name.</summary>
    public IReadOnlyDictionary<string, object> Values { get; init; } = new Dictionary<string, object>();

    /// <summary>A string from the pipeline.</summary>
    public string? Text { get; init; }

    /// <summary>The paths of a file or of the pictures of a result.</summary>
    public IReadOnlyList<string> Pictures { get; init; } = [];

    /// <summary>The run that made the pictures, where they came as a result.</summary>
    public string? RunId { get; init; }

    /// <summary>Whether the input stands for pictures, be there any or not.</summary>
    public bool IsPicture { get; init; }

    /// <summary>Columns whose names mean nothing here.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Whether the input was a row, which must bring what the command needs.</summary>
    public bool IsRow { get; init; }
}

/// <summary>
/// Reads input objects. PowerShell's own binding by name reads a blank cell as 0, drops a word where a number belongs, and takes a
/// file's length for a size; here each cell is exactly of its type, or the row is an error and nothing is sent.
/// </summary>
internal sealed class RowReader
{
    private readonly Dictionary<string, Column> _columns;
    private readonly string _inputs;

    /// <summary>A reader for some columns.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="inputs">What may be read, in words, to follow "Pipe".</param>
    public RowReader(IEnumerable<Column> columns, string inputs)
    {
        _inputs = inputs;
        _columns = columns.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Reads one object.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the object is no input, or a cell is not of its type.</exception>
    public RowValues Read(object item)
    {
        object value = item is PSObject wrapped ? wrapped.BaseObject : item;
        switch (value)
        {
            case string text:
                return new RowValues { Text = text };
            case FileInfo file:
                return new RowValues { IsPicture = true, Pictures = [file.FullName] };
            case ImageResult result:
                return new RowValues { IsPicture = true, Pictures = [.. result.Images.Select(i => i.Path)], RunId = result.RunId };
            case ImageFile picture:
                return new RowValues { IsPicture = true, Pictures = [picture.Path] };
            case Prompt:
                return ReadPrompt(PSObject.AsPSObject(item));
            case IDictionary table:
                return ReadRow(table.Keys.Cast<object>().Select(k => (k.ToString() ?? string.Empty, table[k])));
            case ValueType or DirectoryInfo or ImageRun or Delegate or ScriptBlock:
                throw NotAnInput(value);
        }

        PSObject row = PSObject.AsPSObject(item);
        bool Was(string type) => row.TypeNames.Any(name => name.EndsWith(type, StringComparison.Ordinal));
        // What came back from a job, a file or a remote session is still what it was.
        if (Was("PSImageGen.ImageResult"))
            return new RowValues { IsPicture = true, Pictures = DeserializedPictures(row), RunId = row.Properties["RunId"]?.Value?.ToString() };
        if (Was("System.IO.FileInfo") && row.Properties["FullName"]?.Value is string path)
            return new RowValues { IsPicture = true, Pictures = [path] };
        if (Was("PSImageGen.Prompt"))
            return ReadPrompt(row);
        if (Was("PSImageGen.ImageTask") || Was("System.IO.DirectoryInfo"))
            throw NotAnInput(value);
        return ReadRow(row.Properties.Where(p => p.IsGettable).Select(p => (p.Name, _columns.ContainsKey(p.Name) ? p.Value : null)));
    }

    // The columns of the row that it was composed from come along; its parts are in its text already.
    private RowValues ReadPrompt(PSObject prompt) => ReadRow(prompt.Properties.Where(p => p.Name is not nameof(Prompt.Parts))
        .Select(p => (p.Name == nameof(Prompt.Text) ? "Prompt" : p.Name, (object?)p.Value)));

    private RowValues ReadRow(IEnumerable<(string Name, object? Value)> cells)
    {
        Dictionary<string, object> values = new(StringComparer.OrdinalIgnoreCase);
        List<string> unknown = [];
        foreach ((string name, object? cell) in cells)
        {
            if (!_columns.TryGetValue(name, out Column? column))
            {
                unknown.Add(name);
                continue;
            }

            object? bare = cell is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : cell;
            if (bare is null or DBNull || (bare is string text && string.IsNullOrWhiteSpace(text)))
                continue;
            values[column.Name] = column.Parse(bare) ?? throw ErrorRecords.Make(ImageErrorId.InvalidRequest,
                Words.Of($"The column {column.Name} holds '{Core.Wire.PlainText.Clean(bare.ToString() ?? string.Empty, 80)}', which is not {column.Expects}. Nothing was sent for this row."),
                Words.Of($"Write {column.Expects} into {column.Name}, or leave the cell blank."));
        }

        return new RowValues { Values = values, Unknown = unknown, IsRow = true };
    }

    private static string[] DeserializedPictures(PSObject result)
    {
        object? images = result.Properties["Images"]?.Value;
        if (images is PSObject wrapped)
            images = wrapped.BaseObject;
        return [.. (images as IEnumerable ?? Array.Empty<object>()).Cast<object>()
            .Select(i => PSObject.AsPSObject(i).Properties["Path"]?.Value?.ToString()).OfType<string>()];
    }

    private AIImageException NotAnInput(object value) => ErrorRecords.Make(ImageErrorId.InvalidRequest,
        Words.Of($"An object of the type {value.GetType().Name} is no input: it is neither a text, a row, a file nor a result."),
        Words.Of($"Pipe {_inputs}."));
}
