# What flows in: texts, rows, files, results, and what is no input at all.

Describe 'What flows in' {
    BeforeAll {
        . (Join-Path $PSScriptRoot Common.ps1)
        Connect-Vendor
    }

    AfterAll { Disconnect-Vendor }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
    }

    AfterEach { Pop-Location }

    Context 'A CSV of twelve prompts' {
        BeforeAll {
            $prompts = @(
                'a lighthouse at dawn', 'red, green, and blue', 'a sign that says "open"', "first line`nsecond line", "tab`there", 'ein Bär im Wald, Übergröße'
                '猫が木に登る', '🦊 in the snow ❄️', "it's a 'quote'", '  spaces kept  ', '$env:HOME `n $(1+1) %PATH%', '{"json": [1, 2]} <b>&amp;</b> \n'
            )
            $csv = Join-Path $TestDrive prompts.csv
            $prompts | ForEach-Object { [pscustomobject]@{ Prompt = $_ } } | Export-Csv $csv -Encoding utf8NoBOM
        }

        It 'gives 24 whole pictures through <Provider>' -ForEach @(
            @{ Provider = 'Demo'; Size = '320x192'; Format = 'png'; Width = 320; Height = 192 }
            @{ Provider = 'OpenAI'; Size = '1024x1024'; Format = 'png'; Width = 1024; Height = 1024 }
            @{ Provider = 'BFL'; Size = '768x512'; Format = 'jpeg'; Width = 768; Height = 512 }
        ) {
            $results = @(Import-Csv $csv | New-AIImage -Provider $Provider -Size $Size -Count 2)

            $results | Should -HaveCount 12
            $results.Prompt | Sort-Object | Should -Be ($prompts | Sort-Object)
            $results.Status | Should -Be (@('Succeeded') * 12)
            $results.ForEach{ $_.Path | Should -Be $_.Images[0].Path }
            $files = @($results.Images.Path)
            $files | Select-Object -Unique | Should -HaveCount 24
            foreach ($file in $files) {
                $fact = Get-PictureFact $file
                $fact.Format | Should -Be $Format
                $fact.Width | Should -Be $Width
                $fact.Height | Should -Be $Height
                $fact.Whole | Should -BeTrue
            }

            @(Get-ChildItem -File).FullName | Sort-Object | Should -Be ($files | Sort-Object)
        }

        It 'brings every prompt to <Provider> as it was written' -ForEach @(@{ Provider = 'OpenAI' }, @{ Provider = 'BFL' }) {
            $null = Import-Csv $csv | New-AIImage -Provider $Provider

            (Get-Order).body.prompt | Sort-Object | Should -BeExactly ($prompts | Sort-Object)
        }
    }

    Context 'Rows' {
        It 'takes each value from its column, in text form' {
            $null = 'Prompt,Count,Size,Quality,Format,Background,Provider', 'a cat,2,1536x1024,low,webp,Opaque,OpenAI' | ConvertFrom-Csv | New-AIImage

            $body = (Get-Order).body
            $body.prompt, $body.n, $body.size, $body.quality, $body.output_format, $body.background | Should -Be 'a cat', 2, '1536x1024', 'low', 'webp', 'opaque'
        }

        It 'does not send what a blank cell leaves out' {
            $null = 'Prompt,Count,Seed,Size,Format,Quality', 'a cat,,, ,,' | ConvertFrom-Csv | New-AIImage -Provider OpenAI

            $body = (Get-Order).body
            $body.prompt | Should -Be 'a cat'
            $body.PSObject.Properties.Name | Should -Not -Contain 'quality'
            $body.PSObject.Properties.Name | Should -Not -Contain 'output_format'
            if ($body.n) { $body.n | Should -Be 1 }
        }

        It 'refuses the cell <Column> = <Cell> and lets the other rows go on' -ForEach @(
            @{ Column = 'Count'; Cell = 'two' }
            @{ Column = 'Count'; Cell = '2.5' }
            @{ Column = 'Count'; Cell = '1,000' }
            @{ Column = 'Count'; Cell = '0' }
            @{ Column = 'Format'; Cell = 'bmp' }
            @{ Column = 'Format'; Cell = '1' }
            @{ Column = 'Background'; Cell = 'pink' }
            @{ Column = 'Seed'; Cell = 'x' }
            @{ Column = 'Seed'; Cell = '1e3' }
            @{ Column = 'TimeoutSec'; Cell = 'soon' }
            @{ Column = 'ProviderOption'; Cell = '{no json' }
            @{ Column = 'ConsistencyMode'; Cell = 'Very' }
            @{ Column = 'Size'; Cell = 'big' }
            @{ Column = 'Name'; Cell = '../up' }
        ) {
            $rows = @{ Prompt = 'before' }, @{ Prompt = 'wrong'; $Column = $Cell }, @{ Prompt = 'after' }

            $given = Get-Stream { $rows | New-AIImage -Provider OpenAI }

            $given.Errors | Should -HaveCount 1
            $given.Errors[0].FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            $given.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            $given.Errors[0].TargetObject.Prompt | Should -Be 'wrong'
            $given.Objects.Prompt | Sort-Object | Should -Be 'after', 'before'
            $given.Objects.Index | Sort-Object | Should -Be 0, 2
            (Get-Order).body.prompt | Should -Not -Contain 'wrong'
        }

        It 'warns once of columns that mean nothing here' {
            $given = Get-Stream { 'Prompt,Mood,Length', 'a,x,1', 'b,y,2', 'c,z,3' | ConvertFrom-Csv | New-AIImage -Provider Demo -Size 64x64 }

            $given.Objects | Should -HaveCount 3
            $given.Warnings | Should -HaveCount 1
            "$($given.Warnings)" | Should -BeLike '*Mood*Length*'
        }

        It 'never makes a picture of a row without a prompt' {
            $given = Get-Stream { [pscustomobject]@{ Title = 'a fox' }, [pscustomobject]@{ Prompt = ' '; Title = 'a cat' }, @{ Prompt = 'a hare' } | New-AIImage -Provider OpenAI }

            $given.Errors.FullyQualifiedErrorId | Should -Be (@('InvalidRequest,PSImageGen.Commands.NewAIImageCommand') * 2)
            $given.Objects.Prompt | Should -Be 'a hare'
            @(Get-Order).body.prompt | Should -Be 'a hare'
        }

        It 'takes hashtables, ordered tables and plain objects alike' {
            $results = @{ prompt = 'one' }, [ordered]@{ PROMPT = 'two' }, [pscustomobject]@{ Prompt = 'three' } | New-AIImage -Provider Demo -Size 64x64

            $results.Prompt | Sort-Object | Should -Be 'one', 'three', 'two'
        }

        It 'reads list cells and JSON cells' {
            $null = 'one', 'two' | ForEach-Object { New-AIImage $_ -Provider Demo -Size 64x64 -Name $_ }
            $null = [pscustomobject]@{ Prompt = 'both'; ReferenceImage = 'one.png; two.png'; ProviderOption = '{"user": "me"}' } | New-AIImage -Provider OpenAI

            $order = Get-Order
            $order.files | Should -HaveCount 2
            ($order.body | ConvertTo-Json -Depth 5) | Should -BeLike '*"me"*'
        }

        It 'lets the command line win over a column' {
            $null = [pscustomobject]@{ Prompt = 'a cat'; Quality = 'high' } | New-AIImage -Provider OpenAI -Quality low

            (Get-Order).body.quality | Should -Be 'low'
        }

        It 'keeps the pictures of two rows with the same name apart' {
            $results = [pscustomobject]@{ Prompt = 'a'; Name = 'same' }, [pscustomobject]@{ Prompt = 'b'; Name = 'same' } | New-AIImage -Provider OpenAI

            $results.Path | Select-Object -Unique | Should -HaveCount 2
            $results.Path | Should -Exist
            @(Get-ChildItem same*.png) | Should -HaveCount 2
        }

        It 'never overwrites a file that is there' {
            Set-Content mine.png 'precious'

            $result = New-AIImage 'a cat' -Provider Demo -Size 64x64 -Name mine

            Get-Content mine.png | Should -Be 'precious'
            $result.Path | Should -Exist
        }

        It 'goes on after a row that the vendor refuses' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'Refuse'; match = 'bad' }

            $given = Get-Stream { 'good one', 'bad one', 'good two' | New-AIImage -Provider OpenAI }

            $given.Errors | Should -HaveCount 1
            $given.Errors[0].FullyQualifiedErrorId | Should -BeLike 'ContentRefused,*'
            $given.Errors[0].TargetObject | Should -BeOfType PSImageGen.ImageTask
            $given.Errors[0].TargetObject.Prompt | Should -Be 'bad one'
            $given.Objects.Prompt | Sort-Object | Should -Be 'good one', 'good two'
        }
    }

    Context 'Pictures as input' {
        BeforeEach {
            $made = New-AIImage 'a fox' -Provider Demo -Size 64x64 -Count 2 -Name fox
        }

        It 'takes files as references, one call each' {
            $results = Get-ChildItem fox*.png | New-AIImage 'in winter' -Provider OpenAI

            $results | Should -HaveCount 2
            $orders = @(Get-Order)
            $orders | Should -HaveCount 2
            foreach ($order in $orders) {
                $order.files | Should -HaveCount 1
                ($order.body | ConvertTo-Json -Depth 5) | Should -BeLike '*in winter*'
            }
        }

        It 'takes the pictures of a result, and nothing else of it' {
            $null = $made | New-AIImage 'in winter' -Provider OpenAI

            @(Get-Order) | Should -HaveCount 2
            "$((Get-Order).body | ConvertTo-Json -Depth 5)" | Should -Not -BeLike '*a fox*'
        }

        It 'wants a prompt beside a file' {
            $failure = Get-Failure { Get-Item $made.Path | New-AIImage -Provider OpenAI }

            $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            Get-VendorRequest | Should -BeNullOrEmpty
        }
    }

    Context 'What is no input' {
        It 'refuses <Name>' -ForEach @(
            @{ Name = 'a number'; Call = { 42 | New-AIImage -Provider OpenAI } }
            @{ Name = 'a date'; Call = { Get-Date | New-AIImage -Provider OpenAI } }
            @{ Name = 'a truth'; Call = { $true | New-AIImage -Provider OpenAI } }
            @{ Name = 'nothing'; Call = { $null | New-AIImage -Provider OpenAI } }
            @{ Name = 'an empty text'; Call = { '' | New-AIImage -Provider OpenAI } }
            @{ Name = 'a blank text'; Call = { "  `n" | New-AIImage -Provider OpenAI } }
            @{ Name = 'a folder'; Call = { Get-Item . | New-AIImage 'a fox' -Provider OpenAI } }
            @{ Name = 'a process'; Call = { Get-Process -Id $PID | New-AIImage -Provider OpenAI } }
            @{ Name = 'a script block'; Call = { { 'a fox' } | New-AIImage -Provider OpenAI } }
            @{ Name = 'a second prompt'; Call = { 'a fox' | New-AIImage 'a hare' -Provider OpenAI } }
            @{ Name = 'no prompt at all'; Call = { New-AIImage -Provider OpenAI } }
        ) {
            $failure = @(Get-Failure $Call)

            $failure | Should -HaveCount 1
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            Get-VendorRequest | Should -BeNullOrEmpty
        }

        It 'goes on after it' {
            $given = Get-Stream { 1, 'a fox', $null, 'a hare' | New-AIImage -Provider OpenAI }

            $given.Errors | Should -HaveCount 2
            $given.Objects.Prompt | Sort-Object | Should -Be 'a fox', 'a hare'
        }
    }
}
