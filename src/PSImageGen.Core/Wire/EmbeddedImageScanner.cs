using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PSImageGen.Core.Wire;

/// <summary>Copies the document to <paramref name="text"/> byte by byte and diverts its pictures; knows just enough of JSON to tell them.</summary>
internal sealed class EmbeddedImageScanner(IReadOnlySet<string> imageFields, MemoryStream text, EmbeddedPartWriter part, long maxTextBytes, int maxDepth)
{
    private enum Mode { Structure, Name, Probe, Text, Picture }

    private static readonly SearchValues<byte> Literals = SearchValues.Create("0123456789+-.eEtrufalsn \t\r\n"u8);

    private readonly bool[] _isObject = new bool[maxDepth + 1];
    private readonly bool[] _isImage = new bool[maxDepth + 1]; // strings met at this depth now are pictures
    private readonly byte[] _head = new byte[256];
    private Mode _mode;
    private int _depth, _headLength, _bom, _escape, _codePoint, _bits, _bitCount, _padding;
    private long _start;
    private bool _expectsName, _hasValue, _isBroken;

    /// <summary>True from the closing quote of a picture until <see cref="FinishPicture"/>.</summary>
    public bool AtPictureEnd { get; private set; }

    /// <summary>Whether every string, array and object begun has ended, and there was one value at least.</summary>
    public bool IsComplete => _mode == Mode.Structure && _depth == 0 && _hasValue;

    /// <summary>Takes bytes until the input ends, the part buffer is full or a picture ends; returns how many.</summary>
    public int Scan(ReadOnlySpan<byte> input)
    {
        for (var i = 0; i < input.Length;)
        {
            switch (_mode)
            {
                case Mode.Structure:
                    Structure(input[i++]);
                    break;
                case Mode.Name or Mode.Text:
                    i += CopyText(input[i..]);
                    break;
                case Mode.Probe:
                    Probe(input[i++]);
                    break;
                default:
                    Picture(input[i++]);
                    break;
            }
            if (AtPictureEnd || part.IsFull)
                return i;
        }
        return input.Length;
    }

    /// <summary>Puts the reference to the part, if one was opened, in the picture's place.</summary>
    public void FinishPicture(int? index)
    {
        AtPictureEnd = false;
        _mode = Mode.Structure;
        if (index is null || _isBroken)
        {
            Copy("\""u8);
            return;
        }
        text.SetLength(_start);
        Copy(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"{EmbeddedImageReader.PartPrefix}{index}\"")));
    }

    private bool IsImageField => _isImage[_depth];

    private void Structure(byte b)
    {
        if (!_hasValue && _bom < 3 && text.Length == 0 && b == "\uFEFF"u8[_bom])
        {
            _bom++;
            return;
        }
        if (_bom is 1 or 2)
            throw NotJson();
        _start = text.Length;
        Copy([b]);
        _hasValue |= !IsSpace(b);
        switch ((char)b)
        {
            case '"':
                _mode = _expectsName ? Mode.Name : Mode.Probe;
                _headLength = 0;
                break;
            case '{' or '[':
                if (_depth == maxDepth)
                    throw new JsonException("The JSON answer is nested too deep.");
                _isObject[_depth + 1] = _expectsName = b == '{';
                _isImage[_depth + 1] = b == '[' && IsImageField;
                _depth++;
                break;
            case '}' or ']':
                if (_depth == 0 || _isObject[_depth] != (b == '}'))
                    throw NotJson();
                _depth--;
                _expectsName = false;
                break;
            case ',':
                _expectsName = _isObject[_depth];
                break;
            case ':':
                _expectsName = false;
                break;
            default:
                if (!Literals.Contains(b))
                    throw NotJson();
                break;
        }
    }

    private int CopyText(ReadOnlySpan<byte> input)
    {
        if (_escape == 1)
        {
            _escape = 0;
            Copy(input[..1]);
            return 1;
        }
        var end = input.IndexOfAny((byte)'"', (byte)'\\');
        var length = end < 0 ? input.Length : end + 1;
        Copy(input[..length]);
        if (end >= 0 && input[end] == '\\')
        {
            _escape = 1;
        }
        else if (end >= 0)
        {
            if (_mode == Mode.Name)
                _isImage[_depth] = IsImageName();
            _mode = Mode.Structure;
        }
        return length;
    }

    private bool IsImageName()
    {
        var reader = new Utf8JsonReader(text.GetBuffer().AsSpan((int)_start, (int)(text.Length - _start)));
        try
        {
            reader.Read();
            foreach (var field in imageFields)
            {
                if (reader.ValueTextEquals(field))
                    return true;
            }
        }
        catch (InvalidOperationException)
        {
            // Not Unicode, so none of ours.
        }
        return false;
    }

    // The first characters of a string value tell what it is; until then it is copied as text.
    private void Probe(byte b)
    {
        var isEnd = b == '"' && _escape == 0;
        if (!isEnd)
        {
            Copy([b]);
            if (Unescape(b) is not (>= 0 and var c) || (_headLength == 0 && IsImageField && IsSpace(c)))
                return;
            _head[_headLength++] = (byte)c;
        }
        if (Classify(_head.AsSpan(0, _headLength), isEnd) is not { } mode)
            return;
        _mode = mode;
        if (mode == Mode.Picture)
        {
            (_bits, _bitCount, _padding, _isBroken) = (0, 0, 0, false);
            // Bare base64 is told by its eighth character at the latest; what is longer is the header of a data URL.
            for (var i = _headLength > 8 ? _headLength : 0; i < _headLength; i++)
                Decode(_head[i]);
            if (isEnd)
                EndPicture();
        }
        else if (isEnd)
        {
            Copy("\""u8);
            _mode = Mode.Structure;
        }
    }

    private Mode? Classify(ReadOnlySpan<byte> head, bool isEnd)
    {
        var dataUrl = IsImageField ? "data:"u8 : "data:image/"u8;
        if (head.Length >= dataUrl.Length && Agrees(head, dataUrl))
        {
            if (head.Length > 8 && Agrees(head[^8..], ";base64,"u8))
                return Mode.Picture;
            if (head[^1] != ',' && head.Length < _head.Length && !isEnd)
                return null;
            return IsImageField ? throw NotBase64() : Mode.Text;
        }
        if (!IsImageField)
            return !isEnd && Agrees(head, dataUrl) ? null : Mode.Text;
        if (head.IsEmpty || (head.Length >= 7 && Agrees(head, "http://"u8)) || (head.Length >= 8 && Agrees(head, "https://"u8)))
            return Mode.Text;
        return !isEnd && (Agrees(head, dataUrl) || Agrees(head, "http://"u8) || Agrees(head, "https://"u8)) ? null : Mode.Picture;
    }

    private static bool Agrees(ReadOnlySpan<byte> head, ReadOnlySpan<byte> with)
    {
        var length = Math.Min(head.Length, with.Length);
        return Ascii.EqualsIgnoreCase(head[..length], with[..length]);
    }

    private void Picture(byte b)
    {
        if (b == '"' && _escape == 0)
            EndPicture();
        else if (Unescape(b) is >= 0 and var c)
            Decode((byte)c);
    }

    private void EndPicture()
    {
        AtPictureEnd = true;
        if (_bitCount == 6 || _padding > 2 || (_padding > 0 && _bitCount == 0))
            Break();
    }

    private void Decode(byte c)
    {
        var sextet = c switch
        {
            >= (byte)'A' and <= (byte)'Z' => c - 'A',
            >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
            >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
            (byte)'+' or (byte)'-' => 62,
            (byte)'/' or (byte)'_' => 63,
            _ => -1,
        };
        if (sextet < 0 && c == '=')
            _padding++;
        else if (sextet < 0 ? !IsSpace(c) : _padding > 0)
            Break();
        if (sextet < 0 || _isBroken)
            return;
        _bits = (_bits << 6) | sextet;
        _bitCount += 6;
        if (_bitCount < 8)
            return;
        _bitCount -= 8;
        part.Add((byte)(_bits >> _bitCount));
    }

    private void Break() => _isBroken = IsImageField ? throw NotBase64() : true;

    // One character of a string value; -1 within an escape, 255 for anything beyond ASCII.
    private int Unescape(byte b)
    {
        if (_escape == 0)
        {
            _escape = b == '\\' ? 1 : 0;
            return b < ' ' ? throw NotJson() : b == '\\' ? -1 : b;
        }
        if (_escape == 1)
        {
            (_escape, _codePoint) = (b == 'u' ? 2 : 0, 0);
            return (char)b switch
            {
                'u' => -1,
                '"' or '\\' or '/' => b,
                'n' or 'r' or 't' or 'f' or 'b' => '\n',
                _ => throw NotJson(),
            };
        }
        if (!char.IsAsciiHexDigit((char)b))
            throw NotJson();
        _codePoint = (_codePoint << 4) | (b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10);
        if (++_escape < 6)
            return -1;
        _escape = 0;
        return Math.Min(_codePoint, 255);
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        if (text.Length + bytes.Length > maxTextBytes)
            throw new InvalidDataException(Words.Of($"The JSON answer is longer than {maxTextBytes} bytes, its pictures not counted."));
        text.Write(bytes);
    }

    private static bool IsSpace(int c) => c is ' ' or '\t' or '\r' or '\n';

    private static JsonException NotJson() => new("The answer is not valid JSON.");

    private static InvalidDataException NotBase64() => new(Words.Of("An image field of the answer holds something that is not base64."));
}
